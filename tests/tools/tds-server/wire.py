"""Tabular Data Stream 7.4, the server's side of it: packets, the handshake, tokens and the types of columns (MS-TDS).

Knows bytes and nothing of databases. Shares no code with formats/tds, which speaks through FreeTDS.
"""
import ssl
import struct
from decimal import Decimal, localcontext

BATCH, RPC, RESULT, ATTENTION, LOGIN, SSPI, PRELOGIN = 1, 3, 4, 6, 16, 17, 18
END_OF_MESSAGE = 1
ENCRYPT_OFF, ENCRYPT_ON, ENCRYPT_NOT_SUPPORTED, ENCRYPT_REQUIRED = 0, 1, 2, 3
DONE_FINAL, DONE_MORE, DONE_ERROR, DONE_COUNT, DONE_ATTENTION = 0, 1, 2, 0x10, 0x20
COLLATION = bytes([0x09, 0x04, 0xD0, 0x00, 0x34])


class Gone(Exception):
    """The client closed the connection."""


class Channel:
    """Messages over a socket, encrypted from the moment that start_tls is called; counts what it sends, and can stop there."""

    def __init__(self, sock, cut_after=None, packet_bytes=4096):
        self.sock, self.tls, self.inside, self.outside = sock, None, None, None
        self.packet_bytes, self.sent, self.cut_after = packet_bytes, 0, cut_after

    # ---- bytes

    def _raw(self, n):
        data = b''
        while len(data) < n:
            piece = self.sock.recv(n - len(data))
            if not piece:
                raise Gone()
            data += piece
        return data

    def _plain(self, n):
        if not self.tls:
            return self._raw(n)
        data = b''
        while len(data) < n:
            try:
                data += self.tls.read(n - len(data))
            except ssl.SSLWantReadError:
                piece = self.sock.recv(65536)
                if not piece:
                    raise Gone() from None
                self.inside.write(piece)
            except ssl.SSLZeroReturnError:
                raise Gone() from None
        return data

    def _send(self, data):
        if self.cut_after is not None and self.sent + len(data) > self.cut_after:
            data = data[:self.cut_after - self.sent]
            self._put(data)
            self.sock.close()
            raise Gone()
        self.sent += len(data)
        self._put(data)

    def _put(self, data):
        if self.tls:
            self.tls.write(data)
            data = self.outside.read()
        self.sock.sendall(data)

    # ---- messages

    def receive(self):
        """(type, payload) of a whole message."""
        payload = b''
        while True:
            kind, status, length = struct.unpack('>BBH', self._plain(8)[:4])
            if length < 8:
                raise Gone()
            payload += self._plain(length - 8)
            if status & END_OF_MESSAGE:
                return kind, payload

    def send(self, payload, kind=RESULT, last=True):
        """One message, or a part of one: whole packets, and with last the rest."""
        room = self.packet_bytes - 8
        at = 0
        while True:
            piece = payload[at:at + room]
            at += len(piece)
            end = at >= len(payload)
            self._send(struct.pack('>BBHHBB', kind, END_OF_MESSAGE if end and last else 0, len(piece) + 8, 0, 1, 0) + piece)
            if end:
                return

    # ---- encryption

    def start_tls(self, context, wrapped=True):
        """The handshake travels inside messages of type PRELOGIN; what follows is plain TLS."""
        inside, outside = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(inside, outside, server_side=True)
        while True:
            try:
                tls.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                done = False
            data = outside.read()
            if data:
                self.send(data, PRELOGIN)
            if done:
                break
            inside.write(self.receive()[1])
        self.tls, self.inside, self.outside = tls, inside, outside

    def end_tls(self):
        """What follows the login is not encrypted (ENCRYPT_OFF)."""
        self.tls = None


# ---- before the login

def read_prelogin(payload):
    """{option: bytes}."""
    options, at = {}, 0
    while payload[at] != 0xFF:
        token, offset, length = struct.unpack('>BHH', payload[at:at + 5])
        options[token] = payload[offset:offset + length]
        at += 5
    return options


def prelogin(encryption, version=(15, 0, 2000)):
    parts = [(0, struct.pack('>BBHH', *version, 0)), (1, bytes([encryption])), (2, b'\0'), (3, b''), (4, b'\0')]
    head, body, at = b'', b'', 5 * len(parts) + 1
    for token, data in parts:
        head += struct.pack('>BHH', token, at + len(body), len(data))
        body += data
    return head + b'\xFF' + body


def read_login(payload):
    """The fields of LOGIN7 that matter."""
    def text(at):
        offset, length = struct.unpack('<HH', payload[at:at + 4])
        return payload[offset:offset + 2 * length]
    password = bytes(((b ^ 0xA5) >> 4 | (b ^ 0xA5) << 4) & 255 for b in text(44))
    return {'version': struct.unpack('<I', payload[4:8])[0], 'packet': struct.unpack('<I', payload[8:12])[0],
            'read_only': bool(payload[26] & 0x20), 'host': text(36).decode('utf-16le'), 'user': text(40).decode('utf-16le'),
            'password': password.decode('utf-16le'), 'program': text(48).decode('utf-16le'), 'server': text(52).decode('utf-16le'),
            'database': text(68).decode('utf-16le'), 'integrated': bool(payload[25] & 0x80)}


def batch_text(payload):
    """The statement behind the headers of a batch."""
    total = struct.unpack('<I', payload[:4])[0]
    return payload[total if 4 < total <= len(payload) else 0:].decode('utf-16le', 'replace')


# ---- tokens

def b_text(s):
    return bytes([len(s)]) + s.encode('utf-16le')


def us_text(s):
    data = s.encode('utf-16le')
    return struct.pack('<H', len(data) // 2) + data


def message(token, number, state, severity, text, server='TESTSRV', line=1):
    body = struct.pack('<iBB', number, state, severity) + us_text(text) + b_text(server) + b_text('') + struct.pack('<i', line)
    return bytes([token]) + struct.pack('<H', len(body)) + body


def error(number, text, severity=16, state=1):
    return message(0xAA, number, state, severity, text)


def info(number, text):
    return message(0xAB, number, 1, 0, text)


def env_change(kind, new, old):
    body = bytes([kind]) + b_text(new) + b_text(old)
    return b'\xE3' + struct.pack('<H', len(body)) + body


def login_ack(name='Microsoft SQL Server', version=(15, 0, 2000)):
    body = b'\x01' + bytes([0x74, 0, 0, 4]) + b_text(name) + struct.pack('>BBH', *version)
    return b'\xAD' + struct.pack('<H', len(body)) + body


def collation_change():
    body = b'\x07' + bytes([len(COLLATION)]) + COLLATION + b'\x00'
    return b'\xE3' + struct.pack('<H', len(body)) + body


def done(status=DONE_FINAL, count=0):
    return struct.pack('<BHHQ', 0xFD, status, 0xC1, count)


# ---- columns: a type is a tuple whose first part names it

def fixed(kind, size):
    return bytes([kind, size])


TYPE_INFO = {
    'tinyint': lambda t: fixed(0x26, 1), 'smallint': lambda t: fixed(0x26, 2), 'int': lambda t: fixed(0x26, 4),
    'bigint': lambda t: fixed(0x26, 8), 'bit': lambda t: fixed(0x68, 1), 'real': lambda t: fixed(0x6D, 4),
    'float': lambda t: fixed(0x6D, 8), 'money': lambda t: fixed(0x6E, 8), 'smallmoney': lambda t: fixed(0x6E, 4),
    'datetime': lambda t: fixed(0x6F, 8), 'smalldatetime': lambda t: fixed(0x6F, 4), 'uniqueidentifier': lambda t: fixed(0x24, 16),
    'date': lambda t: b'\x28', 'time': lambda t: bytes([0x29, t[1]]), 'datetime2': lambda t: bytes([0x2A, t[1]]),
    'datetimeoffset': lambda t: bytes([0x2B, t[1]]),
    'decimal': lambda t: bytes([0x6A, decimal_bytes(t[1]), t[1], t[2]]), 'numeric': lambda t: bytes([0x6C, decimal_bytes(t[1]), t[1], t[2]]),
    'varbinary': lambda t: b'\xA5' + struct.pack('<H', t[1]), 'varbinary(max)': lambda t: b'\xA5\xFF\xFF',
    'nvarchar': lambda t: b'\xE7' + struct.pack('<H', 2 * t[1]) + COLLATION,
}


def decimal_bytes(precision):
    return 5 if precision <= 9 else 9 if precision <= 19 else 13 if precision <= 28 else 17


def time_bytes(scale):
    return 3 if scale <= 2 else 4 if scale <= 4 else 5


def columns(described):
    """COLMETADATA of (name, type) pairs."""
    out = b'\x81' + struct.pack('<H', len(described))
    for name, kind in described:
        out += struct.pack('<IH', 0, 9) + TYPE_INFO[kind[0]](kind) + b_text(name)
    return out


def counted(data):
    return bytes([len(data)]) + data


def value_bytes(kind, v):
    """A value that is not NULL, as a row holds it. Numbers are integers of the type's smallest unit; moments are what their names say:
    datetime (days since 1900, 1/300 s), smalldatetime (days, minutes), date (days since year 1), time (units of its scale),
    datetime2 (days, units), datetimeoffset (days, units, minutes) in UTC."""
    name = kind[0]
    if name in ('tinyint', 'bit'):
        return counted(struct.pack('<B', v))
    if name in ('smallint', 'int', 'bigint'):
        return counted(struct.pack({'smallint': '<h', 'int': '<i', 'bigint': '<q'}[name], v))
    if name in ('real', 'float'):
        return counted(v if isinstance(v, bytes) else struct.pack('<f' if name == 'real' else '<d', v))
    if name == 'smallmoney':
        return counted(struct.pack('<i', v))
    if name == 'money':
        return counted(struct.pack('<iI', v >> 32, v & 0xFFFFFFFF))
    if name == 'datetime':
        return counted(struct.pack('<iI', *v))
    if name == 'smalldatetime':
        return counted(struct.pack('<HH', *v))
    if name in ('decimal', 'numeric'):
        size = decimal_bytes(kind[1])
        return counted(bytes([v >= 0]) + abs(v).to_bytes(size - 1, 'little'))
    if name == 'uniqueidentifier':
        return counted(v)
    if name == 'date':
        return counted(v.to_bytes(3, 'little'))
    if name == 'time':
        return counted(v.to_bytes(time_bytes(kind[1]), 'little'))
    if name == 'datetime2':
        return counted(v[1].to_bytes(time_bytes(kind[1]), 'little') + v[0].to_bytes(3, 'little'))
    if name == 'datetimeoffset':
        return counted(v[1].to_bytes(time_bytes(kind[1]), 'little') + v[0].to_bytes(3, 'little') + struct.pack('<h', v[2]))
    if name == 'varbinary':
        return struct.pack('<H', len(v)) + v
    if name == 'nvarchar':
        data = v.encode('utf-16le')
        return struct.pack('<H', len(data)) + data
    if name == 'varbinary(max)':
        out = struct.pack('<Q', len(v))
        for at in range(0, len(v), 8000):
            piece = v[at:at + 8000]
            out += struct.pack('<I', len(piece)) + piece
        return out + struct.pack('<I', 0)
    raise ValueError('no wire form of ' + name)




def row(kinds, values):
    """A row; with NULLs in it, in the compressed form that servers send since 2008."""
    if not any(v is None for v in values):
        return b'\xD1' + b''.join(value_bytes(k, v) for k, v in zip(kinds, values))
    bitmap = bytearray((len(values) + 7) // 8)
    for i, v in enumerate(values):
        if v is None:
            bitmap[i // 8] |= 1 << i % 8
    return b'\xD2' + bytes(bitmap) + b''.join(value_bytes(k, v) for k, v in zip(kinds, values) if v is not None)


def units(text, scale):
    """An exact number as an integer of its smallest unit."""
    with localcontext() as c:
        c.prec = 60
        return int(Decimal(text).scaleb(scale).to_integral_exact())
