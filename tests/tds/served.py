"""What the tests of a running server share: a server in this process, the program run against it."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'tools' / 'tds-server'))
import server  # noqa: E402

PASSWORD = 'Sözcük-7391'  # found again nowhere
USER = 'reader'


class Room:
    """A folder for a test, with a certificate for localhost and one for another name."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix='chartferry-tds-')
        self.path = Path(self._folder.name)
        for name, host in (('good', 'localhost'), ('other', 'server.practice.example')):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=' + host, '-addext',
                            'subjectAltName=DNS:' + host, '-keyout', self.path / (name + '.key'), '-out', self.path / (name + '.pem')],
                           check=True, capture_output=True)

    def tls(self, name='good', **more):
        return dict({'certificate': str(self.path / (name + '.pem')), 'key': str(self.path / (name + '.key'))}, **more)

    def new(self, name):
        """A path in it that does not exist."""
        for n in range(1000):
            p = self.path / ('%s-%d' % (name, n))
            if not p.exists():
                return p
        raise AssertionError('too many of ' + name)

    def close(self):
        self._folder.cleanup()


@contextlib.contextmanager
def serving(room, config, host='127.0.0.1'):
    """A server of the config; yields an object with .port, .address (of its database) and .said (what it was told)."""
    config = dict({'database': 'Practice', 'tls': room.tls(), 'snapshot': True, 'logins': {USER: PASSWORD}, 'log': str(room.new('log'))}, **config)
    if config['tls'] is None:
        del config['tls']
    s = server.serve(config, host)

    class Served:
        port = s.server_address[1]
        address = 'mssql://%s@localhost:%d/%s' % (USER, port, config['database'])

        @staticmethod
        def said():
            path = Path(config['log'])
            return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()] if path.exists() else []
    try:
        yield Served
    finally:
        s.shutdown()
        s.server_close()


class Done:
    def __init__(self, run, out):
        self.code, self.stdout, self.stderr, self.out = run.returncode, run.stdout, run.stderr, out
        self.text = run.stdout + run.stderr

    def __repr__(self):
        return 'exit code %d\n%s' % (self.code, self.text)


def run(program, *words, password=PASSWORD, out=None, env=None, timeout=120):
    """The program, with a password in its environment (None: without) and no terminal."""
    e = {k: v for k, v in os.environ.items() if not k.startswith(('CHARTFERRY_', 'TDS'))}
    if password is not None:
        e['CHARTFERRY_PASSWORD'] = password
    e.update(env or {})
    words = [str(w) for w in words] + (['--out', str(out)] if out else [])
    done = subprocess.run([str(program), *words], capture_output=True, env=e, timeout=timeout, check=False, start_new_session=True,
                          stdin=subprocess.DEVNULL, encoding='utf-8')
    return Done(done, out)


def rows_of(folder):
    """{file: sorted rows} of the tables in a folder of extract."""
    return {p.name: sorted(p.read_bytes().split(b'\r\n')[1:]) for p in Path(folder).glob('*.csv') if not p.name.startswith('_')}
