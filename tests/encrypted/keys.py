"""Certificates and keys for tests, made by the openssl command; .pvk files written here, by Microsoft's description alone."""
import hashlib
import re
import struct
import subprocess

PVK_MAGIC = struct.pack('<II', 0xB0B5F11E, 0)


def openssl(*words, data=None):
    return subprocess.run(['openssl', *map(str, words)], input=data, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def make(folder, name, bits=2048):
    """name.pem (private key) and name.cer (certificate, DER); returns the thumbprint."""
    key, cert = folder / (name + '.pem'), folder / (name + '.cer')
    openssl('req', '-x509', '-newkey', 'rsa:%d' % bits, '-nodes', '-keyout', key, '-outform', 'DER', '-out', cert,
            '-days', 30, '-subj', '/CN=' + name)
    return hashlib.sha1(cert.read_bytes()).hexdigest().upper()


def renew(folder, name, renewed):
    """renewed.cer: another certificate for the key of name."""
    openssl('req', '-x509', '-key', folder / (name + '.pem'), '-outform', 'DER', '-out', folder / (renewed + '.cer'), '-days', 60, '-subj',
            '/CN=' + renewed)


def rc4(key, data):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for b in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(b ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def numbers(key):
    """n, e, d, p, q, dp, dq, qi of a private key."""
    text = openssl('rsa', '-in', key, '-noout', '-text').decode()
    found = {}
    for m in re.finditer(r'^(\w+):((?:\s+[0-9a-f:]+$)+)', text, re.M):
        found[m[1]] = int(re.sub(r'[\s:]', '', m[2]), 16)
    e = int(re.search(r'publicExponent: (\d+)', text)[1])
    return [found['modulus'], e, found['privateExponent'], *(found[n] for n in (
        'prime1', 'prime2', 'exponent1', 'exponent2', 'coefficient'))]


def pvk(key, password=None, export=False, wide=False):
    """The bytes of a .pvk; export: with five bytes of key as in the last century; wide: password as UTF-16."""
    n, e, d, p, q, dp, dq, qi = numbers(key)
    bits = n.bit_length()
    head = struct.pack('<BBHI', 7, 2, 0, 0xA400)
    blob = struct.pack('<4sII', b'RSA2', bits, e) + n.to_bytes(bits // 8, 'little')
    for x in (p, q, dp, dq, qi):
        blob += x.to_bytes(bits // 16, 'little')
    blob += d.to_bytes(bits // 8, 'little')
    if password is None:
        return PVK_MAGIC + struct.pack('<4I', 1, 0, 0, len(head + blob)) + head + blob
    salt = bytes(range(1, 17))
    secret = hashlib.sha1(salt + password.encode('utf-16-le' if wide else 'utf-8')).digest()[:16]
    if export:
        secret = secret[:5] + bytes(11)
    return PVK_MAGIC + struct.pack('<4I', 1, 1, len(salt), len(head + blob)) + salt + head + rc4(secret, blob)


def pfx(folder, name, password, *how):
    """name.pfx with both, sealed as `how` says (openssl pkcs12's options)."""
    out = folder / (name + '.pfx')
    cert = folder / (name + '.crt')
    openssl('x509', '-inform', 'DER', '-in', folder / (name + '.cer'), '-out', cert)
    openssl('pkcs12', '-export', '-inkey', folder / (name + '.pem'), '-in', cert, '-out', out, '-passout',
            'pass:' + password, *how)
    return out
