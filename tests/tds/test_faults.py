#!/usr/bin/env python3
"""What goes wrong with a practice's server: each trouble ends with its own finding, and nothing that is half there passes for whole.

usage: test_faults.py --chartferry FILE
"""
import argparse
import contextlib
import os
import pty
import re
import select
import socket
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import served  # noqa: E402

ARGS = None


def codes():
    text = ''.join(p.read_text(encoding='utf-8') for p in (Path(__file__).resolve().parents[2] / 'src/base').glob('finding*.def'))
    return {i: 'F_' + code for code, i in re.findall(r'F\(\s*(\w+)\s*,\s*\w+\s*,\s*"([A-Z]+-\d+)"', text)}


CODES = codes()


def names(done):
    return {CODES[i] for i in re.findall(r'\b[A-Z]{3}-\d{3,4}\b', done.text) if i in CODES}


def tables(rows=500, **more):
    """Two tables; the first one is the one in trouble."""
    first = {'schema': 'dbo', 'name': 'Patient', 'primary': ['Id'], 'columns': [{'name': 'Id', 'type': 'int'}, {'name': 'Name', 'type': 'nvarchar(40)'}],
             'rows': [[str(i), 'Name of patient %d' % i] for i in range(rows)]}
    first.update(more)
    second = {'schema': 'dbo', 'name': 'Visit', 'primary': ['Id'], 'columns': [{'name': 'Id', 'type': 'int'}, {'name': 'Note', 'type': 'varchar(max)'}],
              'rows': [['1', 'a' * 70000], ['2', 'short']]}
    return [first, second]


@contextlib.contextmanager
def browser(host, answer):
    """SQL Server Browser on UDP 1434 of a loopback address of its own."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, 1434))
    s.settimeout(0.05)
    over = threading.Event()

    def serve():
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                asked, peer = s.recvfrom(100)
                if answer is not None and asked[:1] in (b'\3', b'\4'):
                    s.sendto(b'\5' + len(answer).to_bytes(2, 'little') + answer, peer)
    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield
    finally:
        over.set()
        serving.join()
        s.close()


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = served.Room()
        cls.addClassCleanup(cls.room.close)
        cls.certificate = cls.room.path / 'good.pem'

    def run_at(self, address, *words, command='extract', checked=True, **more):
        out = self.room.new('out') if command == 'extract' else None
        first = ['--server-certificate', self.certificate] if checked else []
        done = served.run(ARGS.chartferry, command, *first, *words, address, out=out, **more)
        if done.code not in (0, 3) and out:
            self.assertFalse(out.exists() or Path(str(out) + '.partial').exists(), done)
        return done

    def refused(self, address, code, *words, exit_code=4, **more):
        done = self.run_at(address, *words, **more)
        self.assertIn(code, names(done), done)
        self.assertEqual(done.code, exit_code, done)
        return done

    def trouble(self, config, code, *words, expect_written=None, **more):
        """A table is lost; the other one is whole, and the run says that not everything is there."""
        with served.serving(self.room, dict({'tables': tables()}, **config)) as s:
            done = self.run_at(s.address, '-v', *words, **more)
        self.assertIn(code, names(done), done)
        self.assertEqual(done.code, 3, done)
        with open(done.out / '_tables.csv', encoding='utf-8') as f:
            listed = [line.rstrip('\r\n').split(',') for line in f][1:]
        first = next(x for x in listed if x[1] == 'Patient')
        self.assertNotEqual(first[8], 'ok', listed)
        if expect_written is not None:
            self.assertEqual(int(first[4]), expect_written)
        if first[3]:
            self.assertEqual(int(first[4]) + int(first[5]), int(first[3]), listed)
        return done

    # ---- reaching the server

    def test_addresses(self):
        for bad in ('mssql://', 'mssql://host', 'mssql://host/', 'mssql://@host/db', 'mssql://u@ho st/db', 'mssql://u@host:0/db', 'mssql://u@host:99999/db',
                    'mssql://u@host\\/db', 'mssql://u@[::1/db', 'mssql://u@host\\a b/db', 'mssql://u@host/%zz', 'mssql://u@host\n/db'):
            self.refused(bad, 'F_TDS_ADDRESS')
        with served.serving(self.room, {'tables': tables(3)}) as s:
            done = self.run_at(s.address.replace('mssql', 'MSSQL').replace('Practice', '%50ractice'), '-v')
            self.assertEqual(done.code, 0, done)
            done = served.run(ARGS.chartferry, 'inspect', s.address, s.address)
            self.assertIn('F_TDS_WITH_FILES', names(done))
            self.assertEqual(done.code, 4, done)

    def test_unreachable(self):
        self.refused('mssql://reader@no-such-host.invalid/Practice', 'F_TDS_HOST_UNKNOWN')
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))  # bound and not listening: refused
            self.refused('mssql://reader@127.0.0.1:%d/Practice' % s.getsockname()[1], 'F_TDS_NO_ANSWER')

    def test_no_sql_server(self):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            s.listen()

            def hang_up():
                with contextlib.suppress(OSError):
                    while True:
                        s.accept()[0].close()
            threading.Thread(target=hang_up, daemon=True).start()
            self.refused('mssql://reader@localhost:%d/Practice' % s.getsockname()[1], 'F_TDS_CONNECT_FAILED')

    def test_named_instances(self):
        host = '127.45.%d.%d' % (os.getpid() >> 8 & 255, os.getpid() & 255)
        with served.serving(self.room, {'tables': tables(3)}, host) as s:
            good = 'ServerName;SRV;InstanceName;SQLEXPRESS;IsClustered;No;Version;15.0.2000.5;tcp;%d;np;\\\\SRV\\pipe\\x;;' % s.port
            other = 'ServerName;SRV;InstanceName;PIPED;IsClustered;No;Version;15.0.2000.5;np;\\\\SRV\\pipe\\y;;'
            with browser(host, (other + good).encode()):
                for name in ('%s\\SqlExpress', '%s%%5CSQLEXPRESS'):
                    done = self.run_at('mssql://reader@' + name % host + '/Practice', '--server-encryption', 'unchecked', checked=False)
                    self.assertEqual(done.code, 0, done)
                self.refused('mssql://reader@%s\\PIPED/Practice' % host, 'F_TDS_INSTANCE_NO_TCP')
                done = self.refused('mssql://reader@%s\\PANDA/Practice' % host, 'F_TDS_INSTANCE_UNKNOWN')
                self.assertIn('PIPED, SQLEXPRESS', done.text)
        for answer in (None, b'', b'InstanceName', b';;;;', b'InstanceName;A;tcp;99999;;', b'\xff' * 3000):
            with browser(host, answer):
                done = self.run_at('mssql://reader@%s\\A/Practice' % host)
                self.assertTrue(names(done) & {'F_TDS_BROWSER_SILENT', 'F_TDS_INSTANCE_UNKNOWN', 'F_TDS_INSTANCE_NO_TCP'}, done)
                self.assertEqual(done.code, 4)

    # ---- encryption

    def test_certificates(self):
        for tls, host in ((self.room.tls('other'), 'localhost'), (self.room.tls('good'), '127.0.0.1')):
            with served.serving(self.room, {'tables': tables(3), 'tls': tls}) as s:
                address = s.address.replace('localhost', host)
                self.refused(address, 'F_TDS_CERTIFICATE')
                self.refused(address, 'F_TDS_CERTIFICATE', checked=False)
                self.assertNotIn(served.USER, {x.get('login') for x in s.said()})
                done = self.run_at(address, '--server-encryption', 'unchecked', checked=False)
                self.assertEqual(done.code, 0, done)
                self.assertIn('F_TDS_ENCRYPTION', names(done))

    def test_no_encryption(self):
        with served.serving(self.room, {'tables': tables(3), 'tls': None}) as s:
            self.refused(s.address, 'F_TDS_NO_TLS')
            self.assertNotIn(served.USER, {x.get('login') for x in s.said()})
            done = self.run_at(s.address, '--server-encryption', 'none')
            self.assertEqual(done.code, 0, done)
            self.assertIn('F_TDS_ENCRYPTION', names(done))

    def test_old_encryption(self):
        with served.serving(self.room, {'tables': tables(3), 'tls': self.room.tls(only='1.0')}) as s:
            self.refused(s.address, 'F_TDS_TLS_OLD')
            self.assertNotIn(served.USER, {x.get('login') for x in s.said()})
            self.assertEqual(self.run_at(s.address, '--server-encryption', 'old').code, 0)

    # ---- logging in

    def test_logins(self):
        for number, code in ((18456, 'F_TDS_LOGIN_FAILED'), (18470, 'F_TDS_LOGIN_FAILED'), (18486, 'F_TDS_LOGIN_LOCKED'), (18487, 'F_TDS_PASSWORD_EXPIRED'),
                             (18488, 'F_TDS_PASSWORD_EXPIRED'), (18452, 'F_TDS_WINDOWS_LOGIN'), (17892, 'F_TDS_CONNECT_FAILED')):
            with served.serving(self.room, {'tables': tables(3), 'login_error': [number, 'Words of the server.']}) as s:
                done = self.refused(s.address, code)
                self.assertIn('Words of the server', done.text)
        with served.serving(self.room, {'tables': tables(3)}) as s:
            self.refused(s.address, 'F_TDS_LOGIN_FAILED', password='wrong')
            self.assertEqual(len([x for x in s.said() if x.get('login') == served.USER]), 1)  # tried once: logins lock themselves
            done = self.refused(s.address.replace('/Practice', '/Praxis'), 'F_TDS_DATABASE_WRONG')
            self.assertIn('Databases that the login may open: Practice', done.text)

    def test_windows_login_without_a_ticket(self):
        """Whoever has no ticket is told that, and not that something is wrong with the server's certificate."""
        with served.serving(self.room, {'tables': tables(3)}) as s:
            self.refused(s.address.replace('reader@', ''), 'F_TDS_WINDOWS_LOGIN', env={'KRB5CCNAME': '/dev/null'})

    def test_passwords(self):
        secret = self.room.new('secret')
        with served.serving(self.room, {'tables': tables(3)}) as s:
            self.refused(s.address, 'F_TDS_NO_PASSWORD', password=None)
            for good in (served.PASSWORD, served.PASSWORD + '\n', '\ufeff' + served.PASSWORD + '\r\n'):
                secret.write_bytes(good.encode())
                done = self.run_at(s.address, '--password-file', secret, password='wrong')
                self.assertEqual(done.code, 0, done)
            for bad in (b'', b'\n', b'a\nb\n', b'x' * 2000, b'a\0b'):
                secret.write_bytes(bad)
                self.refused(s.address, 'F_TDS_PASSWORD_FILE', '--password-file', secret)
            self.refused(s.address, 'F_TDS_PASSWORD_FILE', '--password-file', self.room.path / 'none')
            done = self.run_at(s.address.replace('reader@', 'reader:%s@' % served.PASSWORD))
            self.assertEqual(done.code, 2, done)
            self.assertNotIn(served.PASSWORD, done.text)

    def test_password_asked_for(self):
        with served.serving(self.room, {'tables': tables(3)}) as s:
            pid, terminal = pty.fork()
            if pid == 0:
                env = {k: v for k, v in os.environ.items() if k != 'CHARTFERRY_PASSWORD'}
                os.execve(ARGS.chartferry, [ARGS.chartferry, 'inspect', '--server-certificate', str(self.certificate), s.address], env)
            shown, typed, end = b'', False, time.monotonic() + 60
            while time.monotonic() < end:
                if not select.select([terminal], [], [], 1)[0]:
                    continue
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece
                if b'Password of reader on localhost' in shown and not typed:
                    typed = True
                    time.sleep(0.2)
                    os.write(terminal, served.PASSWORD.encode() + b'\n')
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, shown)
        self.assertIn(b'dbo.Patient', shown)
        self.assertNotIn(served.PASSWORD.encode(), shown)

    def test_password_is_found_nowhere(self):
        dump, folder = self.room.new('dump'), self.room.new('temporary')
        folder.mkdir()
        with served.serving(self.room, {'tables': tables(200), 'slow_table': ['dbo.Patient', 100, 2]}) as s:
            seen = set()

            def look():
                for _ in range(100):
                    for p in Path('/proc').glob('[0-9]*/cmdline'):
                        with contextlib.suppress(OSError):
                            seen.add(p.read_bytes())
                    for p in folder.rglob('*'):
                        with contextlib.suppress(OSError):
                            seen.add(p.read_bytes())
                    time.sleep(0.02)
            looking = threading.Thread(target=look)
            looking.start()
            done = self.run_at(s.address, '-v', env={'TDSDUMP': str(dump), 'TDSDUMPCONFIG': str(dump), 'TMPDIR': str(folder)})
            looking.join()
        self.assertEqual(done.code, 0, done)
        self.assertFalse(dump.exists(), 'FreeTDS wrote what went over the wire')
        self.assertEqual(list(folder.iterdir()), [])
        files = [p.read_bytes() for p in done.out.rglob('*') if p.is_file()]
        for text in [done.text.encode(), *files, *seen]:
            for form in (served.PASSWORD.encode(), served.PASSWORD.encode('utf-16le')):
                self.assertNotIn(form, text)
        self.assertTrue(any(b'chartferry' in x for x in seen))

    # ---- rights

    def test_rights(self):
        done = self.trouble({'deny': ['dbo.Patient']}, 'F_TDS_TABLE_DENIED', expect_written=0)
        self.assertIn('dbo.Patient', done.text)
        self.trouble({'deny_late': ['dbo.Patient']}, 'F_TDS_QUERY_FAILED', expect_written=0)
        with served.serving(self.room, {'tables': tables(), 'may_select': False}) as s:
            done = self.run_at(s.address)
            self.assertIn('F_TDS_RIGHTS_PARTIAL', names(done))
            self.assertEqual(done.code, 3)
        with served.serving(self.room, {'tables': tables(), 'policies': ['dbo.Patient']}) as s:
            done = self.run_at(s.address)
            self.assertIn('F_TDS_ROWS_HIDDEN', names(done))
            self.assertEqual(done.code, 3)

    def test_columns_left_out(self):
        t = tables(3)
        t[0]['columns'] += [{'name': 'Masked', 'type': 'varchar(9)', 'masked': True}, {'name': 'Locked', 'type': 'varbinary(90)', 'encryption': 2},
                            {'name': 'Denied', 'type': 'int'}, {'name': 'Graph', 'type': 'bigint', 'graph': 1},
                            {'name': 'Odd', 'type': 'varchar(9)', 'collation': 'SQL_Latin1_General_CP857_CI_AS'}]
        for r in t[0]['rows']:
            r += ['xxxx', '0x00', '1', '1', None]
        with served.serving(self.room, {'tables': t, 'deny_columns': ['dbo.Patient.Denied']}) as s:
            done = self.run_at(s.address)
            about = self.run_at(s.address, '-v', command='inspect')
        self.assertEqual((done.code, about.code), (3, 3), done)
        for why in ('masked', 'Always Encrypted', 'no right', 'graph'):
            self.assertIn(why, about.text)
        self.assertTrue((done.out / 'dbo.Patient.csv').read_text(encoding='utf-8').startswith('Id,Name,Odd\n') or
                        (done.out / 'dbo.Patient.csv').read_bytes().startswith(b'Id,Name,Odd\r\n'))

    # ---- in the middle of a table

    def test_cut(self):
        self.trouble({'cut_table': ['dbo.Patient', 300]}, 'F_TDS_CUT')
        self.trouble({'cut_table': ['dbo.Patient', 300], 'snapshot': False}, 'F_TDS_CUT')

    def test_cut_anywhere(self):
        with served.serving(self.room, {'tables': tables()}) as s:
            self.assertEqual(self.run_at(s.address).code, 0)
        for after in (0, 1, 100, 1000, 3000, 6000, 9000, 12000, 20000):
            with served.serving(self.room, {'tables': tables(), 'cut_after': after}) as s:
                done = self.run_at(s.address)
                self.assertIn(done.code, (0, 3, 4), done)
                if done.code != 4:
                    whole = '_tables.csv says ok for both'
                    with open(done.out / '_tables.csv', encoding='utf-8') as f:
                        states = [line.split(',')[8] for line in f][1:]
                    self.assertEqual(done.code == 0, states == ['ok', 'ok'], whole)
                if after <= 100:
                    self.assertEqual(done.code, 4, done)

    def test_errors(self):
        done = self.trouble({'error_table': ['dbo.Patient', 250, 1205, 'Transaction was deadlocked on lock resources.']}, 'F_TDS_QUERY_FAILED')
        self.assertIn('deadlocked', done.text)
        done = self.trouble({'error_table': ['dbo.Patient', 250, 245, "Conversion failed when converting the value 'Mary Secret'."]}, 'F_TDS_QUERY_FAILED')
        self.assertIn('error 245', done.text)
        self.assertNotIn('Mary Secret', done.text + (done.out / '_findings.csv').read_text(encoding='utf-8'))

    def test_silence(self):
        begun = time.monotonic()
        self.trouble({'slow_table': ['dbo.Patient', 200, 12]}, 'F_TDS_TIMEOUT', '--server-timeout', '3')
        self.assertLess(time.monotonic() - begun, 12)
        with served.serving(self.room, {'tables': tables(), 'slow_table': ['dbo.Patient', 200, 4]}) as s:
            self.assertEqual(self.run_at(s.address, '--server-timeout', '30').code, 0)

    def test_wrong_answers(self):
        self.trouble({'wrong_count': 'dbo.Patient'}, 'F_TDS_ANSWER_WRONG')
        with served.serving(self.room, {'tables': tables(count=600)}) as s:
            done = self.run_at(s.address, '-v')
            self.assertIn('F_TDS_ROWS_DIFFER', names(done))
            self.assertEqual(done.code, 0, done)

    def test_bad_values(self):
        """FreeTDS itself gives up at some of them; what it hands on is refused cell by cell."""
        for kind, raw, exact in (('datetime', [3000000, 0], True), ('smalldatetime', [0, 2000], True), ('bit', 7, True),
                                 ('date', 4000000, False), ('datetime2(7)', [4000000, 0], False), ('time(7)', 900000000000, False),
                                 ('datetimeoffset(0)', [700000, 0, 900], False)):
            t = tables(3)
            t[0]['columns'].append({'name': 'V', 'type': kind})
            t[0]['rows'] = [r + [None] for r in t[0]['rows']]
            t[0]['rows'][1][2] = {'raw': raw}
            done = self.trouble({'tables': t}, 'F_TDS_VALUE', expect_written=2) if exact else None
            with served.serving(self.room, {'tables': t}) as s:
                again = self.run_at(s.address, '--salvage')
                self.assertEqual(again.code, 3, again)
                self.assertTrue(names(again) & {'F_TDS_VALUE', 'F_TDS_ANSWER_WRONG'}, again)
            if done:
                self.assertIn('row 2', done.text)
        t = tables(3)
        t[0]['columns'].append({'name': 'V', 'type': 'varchar(9)', 'collation': 'Japanese_CI_AS'})
        t[0]['rows'] = [r + [{'raw': '81ff'}] for r in t[0]['rows']]
        with served.serving(self.room, {'tables': t}) as s:
            done = self.run_at(s.address)
            self.assertIn('F_TDS_TEXT', names(done))
            self.assertEqual(done.code, 3, done)

    def test_large_value_gone(self):
        t = tables(3)
        with served.serving(self.room, {'tables': t, 'large_gone': 'dbo.Visit'}) as s:
            done = self.run_at(s.address)
        self.assertIn('F_TDS_VALUE_GONE', names(done))
        self.assertEqual(done.code, 3, done)
        self.assertNotIn('aaaa', (done.out / 'dbo.Visit.csv').read_text(encoding='utf-8'))

    def test_many_cursors(self):
        joined = 'SELECT count(*) FROM ' + ', '.join('Visit v%d' % i for i in range(7)) + ' WHERE ' + ' AND '.join('v%d.Note > 0' % i for i in range(7))
        with served.serving(self.room, {'tables': tables(3)}) as s:
            done = served.run(ARGS.chartferry, 'sql', '--server-certificate', self.certificate, s.address, joined, '-v')
        self.assertEqual(done.code, 0, done)
        self.assertIn('F_TDS_LATER_SNAPSHOT', names(done))

    # ---- the catalog

    def test_catalog(self):
        for view in ('databases', 'database_files', 'all_columns', 'tables', 'columns', 'indexes', 'foreign_keys', 'security_predicates'):
            with served.serving(self.room, {'tables': tables(3), 'error_view': [view, 300, 'VIEW SERVER STATE permission was denied.']}) as s:
                done = self.refused(s.address, 'F_TDS_CATALOG')
                self.assertIn('permission was denied', done.text)
        with served.serving(self.room, {'tables': tables(3), 'version': '8.00.2039'}) as s:
            self.refused(s.address, 'F_TDS_TOO_OLD')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    ARGS, rest = parser.parse_known_args()
    ARGS.chartferry = os.path.abspath(ARGS.chartferry)
    unittest.main(argv=[sys.argv[0], *rest])
