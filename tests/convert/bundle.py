"""Conversions as tests see them: the program run, its bundle read back with Python's own csv module, scripts parsed."""
import csv
import hashlib
import io
import json
import resource
import shutil
import signal
import subprocess
from pathlib import Path


class Tools:
    """The programs under test and where the files are."""

    def __init__(self, args):
        self.chartferry, self.bakgen = Path(args.chartferry), Path(args.bakgen)
        self.templates = Path(args.templates)
        self.corpus = Path(args.corpus)
        self.here = Path(__file__).resolve().parent

    def small_templates(self, folder):
        """Templates of the made clinic: its profile, and a small Salesforce in place of the one that ships."""
        shutil.copytree(self.templates / 'destinations', folder / 'destinations', ignore=shutil.ignore_patterns('salesforce'))
        shutil.copytree(self.here / 'destinations', folder / 'destinations', dirs_exist_ok=True)
        shutil.copytree(self.here / 'sources', folder / 'sources')

    def run(self, *words, **more):
        return subprocess.run([str(self.chartferry), *map(str, words)], capture_output=True, text=True, timeout=120, **more)

    def convert(self, source, out, templates=None, *more, limit=None, to='salesforce'):
        """limit: the size in bytes at which files stop growing."""
        return self.run('convert', source, '--to', to, '--out', out, '--templates', templates or self.templates,
                        '--json', *more, preexec_fn=limit and (lambda: limit_files(limit)))

    def verify(self, folder):
        return self.run('verify', folder).returncode


def limit_files(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def add_arguments(parser):
    for name in ('chartferry', 'bakgen', 'templates', 'corpus', 'practice-gen'):
        parser.add_argument('--' + name, required=True)


def lines(result):
    """The JSON lines of a run."""
    return [json.loads(line) for line in result.stdout.splitlines() if line]


def summary(result):
    found = [x for x in lines(result) if x.get('type') == 'summary']
    if len(found) != 1:
        raise AssertionError('no summary: exit %d\n%s\n%s' % (result.returncode, result.stdout, result.stderr))
    return found[0]


def problems(result):
    return [x for x in lines(result) if x.get('type') == 'problem']


def findings(result):
    return {x['code'] for x in lines(result) if x.get('type') == 'finding'}


def read_csv(path, newline='\r\n'):
    """Header and rows. The form is checked first: UTF-8 without BOM, every record ended by the newline, none by another."""
    raw = path.read_bytes()
    if raw.startswith(b'\xef\xbb\xbf'):
        raise AssertionError('%s begins with a BOM' % path.name)
    text = raw.decode('utf-8')
    if not text.endswith(newline):
        raise AssertionError('%s does not end with a line end' % path.name)
    if newline == '\r\n' and text.count('\r') != text.count('\r\n'):
        raise AssertionError('%s holds a lone CR' % path.name)
    table = list(csv.reader(io.StringIO(text, newline=''), strict=True))
    if any(len(row) != len(table[0]) for row in table):
        raise AssertionError('%s has rows of unequal length' % path.name)
    return table[0], [dict(zip(table[0], row)) for row in table[1:]]


def rows(folder, name):
    """The rows of a file and of its further parts."""
    found, part = [], 1
    while True:
        path = folder / (name if part == 1 else '%s_%d.csv' % (name[:-4], part))
        if not path.exists():
            return found
        found += read_csv(path)[1]
        part += 1


def files(folder):
    """{relative path: bytes} of everything in a folder but what is no part of a bundle: the log of a run, which has times, and the key
    of its state."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob('*'))
            if p.is_file() and p not in (folder / 'run.log', folder / 'state' / 'key.txt')}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def script_rows(text, table):
    """The rows that a script INSERTs into a table, each value text or None; no column lists."""
    found, at = [], 0
    head = 'INSERT INTO %s ' % table
    while True:
        at = text.find(head, at)
        if at < 0:
            return found
        row, at = one_row(text, text.index('(', at) + 1)
        found.append(row)


def one_row(text, at):
    row, value, quoted = [], '', False
    while True:
        c = text[at]
        at += 1
        if quoted and c == "'" and text[at] == "'":
            value += "'"
            at += 1
        elif c == "'":
            quoted = not quoted
            value += '' if quoted else '\0'  # the end of a text: blanks behind it are not its own
        elif not quoted and c in ',)':
            row.append(finished(value))
            value = ''
            if c == ')':
                return row, at
        elif quoted or not c.isspace():
            value += c


def finished(value):
    return None if value == 'NULL' else value.rstrip('\0')
