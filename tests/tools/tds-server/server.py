#!/usr/bin/env python3
"""A server that speaks TDS 7.4 on loopback, for tests: the tables of an extracted database or of a description, and each trouble
that a practice's server may make.

usage: server.py --config FILE [--port N] [--host 127.0.0.1]

Prints "port N" when it listens and serves until it is ended. The config, JSON:
  extract            folder of "chartferry extract"; or: tables, a list (database.py)
  database, collation, version, edition, features, data_bytes, snapshot, may_select, primary, deny, deny_late, policies
  logins             {user: password}; default {"reader": "secret"}
  login_error        [number, text, state] instead of an answer to a login
  tls                {"certificate": file, "key": file, "only": "1.0"|"1.2"}; without it the server does not encrypt
  require_tls        true: refuses who does not encrypt
  cut_after          bytes of answers behind the login after which the connection is closed
  cut_table          [table, rows]: closed in the middle of that table
  error_table        [table, rows, number, text]: an error in the middle of it
  slow_table         [table, rows, seconds]: silence in the middle of it
  wrong_count        table whose answer ends with a count of its own
  mutate             [seed, rate]: after the login, bytes of answers are changed
  error_view         [view, number, text]: an error instead of the rows of sys.VIEW
  large_gone         table whose rows are not found again by their key
  log                file that gets each statement and login, one JSON text a line
"""
import argparse
import json
import random
import socket
import socketserver
import ssl
import threading
import time
import warnings

import database
import statements
import wire

FLUSH_BYTES = 1 << 16


def tls_context(c):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(c['certificate'], c['key'])
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if c.get('only') == '1.0':
        context.set_ciphers('ALL:@SECLEVEL=0')
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    return context


class Mutator:
    """Changes bytes of what a socket sends, the same ones for the same seed."""

    def __init__(self, sock, seed, rate):
        self.sock, self.random, self.rate = sock, random.Random(seed), rate

    def sendall(self, data):
        data = bytearray(data)
        at = int(self.random.expovariate(1 / self.rate))
        while at < len(data):
            data[at] = self.random.choice((0, 0xFF, 0x7F, 0x80, self.random.randrange(256)))
            at += 1 + int(self.random.expovariate(1 / self.rate))
        self.sock.sendall(bytes(data))

    def __getattr__(self, name):
        return getattr(self.sock, name)


class Session:
    def __init__(self, sock, db, config, log):
        self.channel = wire.Channel(sock)
        self.db, self.config, self.log = db, config, log

    # ---- the login

    def greet(self):
        kind, payload = self.channel.receive()
        if kind != wire.PRELOGIN:
            raise wire.Gone()
        wanted = wire.read_prelogin(payload).get(1, b'\2')[0]
        tls = self.config.get('tls')
        if not tls:
            answer = wire.ENCRYPT_NOT_SUPPORTED
        elif wanted == wire.ENCRYPT_NOT_SUPPORTED:
            answer = wire.ENCRYPT_REQUIRED if self.config.get('require_tls') else wire.ENCRYPT_NOT_SUPPORTED
        else:
            answer = wire.ENCRYPT_ON if wanted == wire.ENCRYPT_ON or self.config.get('require_tls') else wire.ENCRYPT_OFF
        self.channel.send(wire.prelogin(answer))
        if answer == wire.ENCRYPT_NOT_SUPPORTED:
            return
        self.channel.start_tls(tls_context(tls))
        self.login_only = answer == wire.ENCRYPT_OFF

    login_only = False

    def refuse(self, number, text, state=1):
        self.channel.send(wire.error(number, text, 14, state) + wire.done(wire.DONE_ERROR))
        raise wire.Gone()

    def log_in(self):
        kind, payload = self.channel.receive()
        if kind != wire.LOGIN:
            raise wire.Gone()
        x = wire.read_login(payload)
        self.log({'login': x['user'], 'read_only': x['read_only'], 'encrypted': self.channel.tls is not None, 'program': x['program'],
                  'database': x['database']})
        if self.login_only:
            self.channel.end_tls()
        if 'login_error' in self.config:
            self.refuse(*self.config['login_error'])
        if self.config.get('logins', {'reader': 'secret'}).get(x['user']) != x['password']:
            self.refuse(18456, "Login failed for user '%s'." % x['user'])
        if x['database'] and x['database'] != self.db.name:
            self.channel.send(wire.error(4060, 'Cannot open database "%s" requested by the login. The login failed.' % x['database'], 11) +
                              wire.error(18456, "Login failed for user '%s'." % x['user'], 14) + wire.done(wire.DONE_ERROR))
            raise wire.Gone()
        size = min(max(x['packet'], 512), 32767)
        self.channel.send(wire.env_change(1, x['database'] or 'master', 'master') + wire.info(5701, "Changed database context.") +
                          wire.collation_change() + wire.env_change(4, str(size), '4096') + wire.login_ack() + wire.done())
        self.channel.packet_bytes = size

    # ---- statements

    def serve(self):
        self.greet()
        self.log_in()
        self.channel.cut_after, self.channel.sent = self.config.get('cut_after'), 0
        if 'mutate' in self.config:
            self.channel.sock = Mutator(self.channel.sock, *self.config['mutate'])
        while True:
            kind, payload = self.channel.receive()
            if kind == wire.ATTENTION:
                self.channel.send(wire.done(wire.DONE_ATTENTION))
            elif kind == wire.BATCH:
                self.batch(wire.batch_text(payload))
            else:
                self.channel.send(wire.error(40510, 'Only batches are answered here.') + wire.done(wire.DONE_ERROR))

    def batch(self, sql):
        self.log({'sql': sql})
        parts = [p.strip() for p in sql.split(';') if p.strip()]
        for i, part in enumerate(parts):
            more = wire.DONE_MORE if i + 1 < len(parts) else 0
            try:
                self.statement(part, more)
            except statements.SqlError as e:
                self.channel.send(e.before + wire.error(e.number, e.text) + wire.done(wire.DONE_ERROR))
                return

    def statement(self, sql, more):
        word = sql.split(None, 1)[0].upper()
        if word in ('SET', 'BEGIN', 'COMMIT', 'ROLLBACK', 'IF', 'USE'):
            self.channel.send(wire.done(more), last=not more)
            return
        if word != 'SELECT':
            raise statements.SqlError(262, '%s permission denied: this server is read.' % word)
        if ' AS touched FROM ' in sql:
            sql = "SELECT 1 FROM " + sql.split(' FROM ')[2].split(')')[0]
            self.answer(statements.Select(self.db, statements.tokens(sql)[1:]), more, most=1)
            return
        self.answer(statements.Select(self.db, statements.tokens(sql)[1:]), more)

    def trouble(self, full, n):
        """What the config has in store for row n of a table."""
        for key in ('cut_table', 'error_table', 'slow_table'):
            x = self.config.get(key)
            if not x or x[0] != full or x[1] != n:
                continue
            if key == 'cut_table':
                raise wire.Gone()
            if key == 'slow_table':
                time.sleep(x[2])
            if key == 'error_table':
                raise statements.SqlError(x[2], x[3])

    def answer(self, select, more, most=None):
        broken = self.config.get('error_view')
        if broken and select.view == broken[0]:
            raise statements.SqlError(*broken[1:])
        kinds = [k for _, k in select.columns]
        out, count = bytearray(wire.columns(select.columns)), 0
        full = select.table.full if select.table else ''
        by_key = full and full == self.config.get('large_gone')
        for values in select.rows():
            if count == most or (by_key and kinds[-1:] == [('varbinary(max)',)] and len(kinds) == 2):
                break
            if full:
                try:
                    self.trouble(full, count)
                except wire.Gone:
                    self.flush(out)
                    raise
                except statements.SqlError as e:
                    e.before = bytes(self.flush(out))
                    raise
            out += wire.row(kinds, values)
            count += 1
            if len(out) >= FLUSH_BYTES:
                out = self.flush(out)
        if full and full == self.config.get('wrong_count'):
            count += 7
        out += wire.done(wire.DONE_COUNT | more, count)
        self.channel.send(bytes(out), last=not more)

    def flush(self, out):
        """Whole packets of it; the rest stays for what follows."""
        room = self.channel.packet_bytes - 8
        whole = len(out) // room * room
        if whole:
            self.channel.send(bytes(out[:whole]), last=False)
        return bytearray(out[whole:])


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 64


def serve(config, host='127.0.0.1', port=0):
    """Listens and serves on threads of its own; the server, whose .server_address has the port."""
    db, lock = database.Database(config), threading.Lock()

    def log(entry):
        if 'log' in config:
            with lock, open(config['log'], 'a', encoding='utf-8') as f:
                f.write(json.dumps(entry) + '\n')

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                Session(self.request, db, config, log).serve()
            except (wire.Gone, OSError, ssl.SSLError):
                pass

    server = Server((host, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--config', required=True)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0)
    a = parser.parse_args()
    with open(a.config, encoding='utf-8') as f:
        server = serve(json.load(f), a.host, a.port)
    print('port', server.server_address[1], flush=True)
    threading.Event().wait()


if __name__ == '__main__':
    main()
