"""The files that mutate.py damages, each with what is given to the program beside it."""
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
for folder in ('matrix', 'log', 'encrypted'):
    sys.path.insert(0, str(TESTS / folder))
import changing  # noqa: E402
import keys  # noqa: E402
import kinds  # noqa: E402
import test_log  # noqa: E402
from pages import PAGE, checked_pages, reseal  # noqa: E402

# Small files of the corpus, one per kind of container, page protection and age.
CORPUS = ('tutorialdb_compressed.bak', 'rtclean2008r2_1full.bak', 'pubs2008.mdf', 'northwind2005.bak', 'clinicdb2019.bak',
          'rtclean2008r2_3diff.bak', 'multiset6_diff2012.bak', 'hospital2014.bak')
# One of these is damaged, the others are given with it.
CHAINS = (('rtclean2008r2_2log1.trn', 'rtclean2008r2_1full.bak', 'rtclean2008r2_2log2.trn', 'rtclean2008r2_2log3.trn'),
          ('rtclean2008r2_4log2.trn', 'rtclean2008r2_1full.bak', 'rtclean2008r2_3diff.bak', 'rtclean2008r2_4log1.trn',
           'rtclean2008r2_4log3.trn'),
          ('rtclean2008r2_3diff.bak', 'rtclean2008r2_1full.bak', 'rtclean2008r2_4log1.trn'))
# The generated sample, as each kind of file that bakgen writes.
GENERATED = (('practice.bak', '--out'), ('practice_compressed.bak', '--compress', '--out'),
             ('practice_checksum.bak', '--checksum', '--log', '--out'), ('practice.mdf', '--mdf'))
# The kinds of storage that the sample has not.
KINDS = (('kinds.mdf', '--mdf'), ('kinds.bak', '--second-pass', '--compress', '--version', '904', '--out'))
# For the certificate and the key that the fuzzer of such files begins with. A backup is sealed anew each time.
SEALED = (('sealed.bak', '--encrypt', 'aes128', '--checksum', '--log', '--out'),
          ('sealed_compressed.bak', '--encrypt', 'aes256', '--compress', '--out'),
          ('tde.bak', '--tde', 'aes256', '--checksum', '--out'), ('tde_compressed.bak', '--tde', 'aes128', '--compress', '--out'),
          ('tde.mdf', '--tde', '3des', '--mdf'))
DATA_PAGE = 1


class Source:
    """A file, the words before and behind its name, and a name that no other source has. With logs: what the tables held at each
    moment, by their names."""
    def __init__(self, path, before=(), behind=(), name=None, moments=()):
        self.path, self.before, self.behind, self.name, self.moments = path, list(before), list(behind), name or path.name, moments

    def words(self, path):
        return [*self.before, path, *self.behind]

    def changing(self):
        """The files of the tables that the log changes."""
        return {'dbo.%s.csv' % name for moment in self.moments[:1] for name in moment}

    def at_a_moment(self, out):
        """The files of the tables that hold what they held at one and the same moment."""
        have = {name: test_log.read_rows(out / name) for name in self.changing() if (out / name).exists()}
        same = [{name for name in have if have[name] == moment[name[len('dbo.'):-len('.csv')]]} for moment in self.moments]
        return max(same, key=len, default=set())


def generated(bakgen, folder):
    def make(name, *options):
        subprocess.run([str(bakgen), *map(str, options), str(folder / name)], check=True, stdout=subprocess.DEVNULL)
        return folder / name
    def spec(name, text):
        (folder / name).write_text(text, encoding='utf-8')
        return '--spec', folder / name
    for name, *options in GENERATED:
        yield Source(make(name, '--sample', 'practice', *options))
    all_kinds = spec('kinds.spec', kinds.text())
    for name, *options in KINDS:
        yield Source(make(name, *all_kinds, *options))
    yield from sealed(make, folder, all_kinds)
    yield from repaired(make, folder, spec('repair.spec', changing.spec(1000)))
    yield from logged(make, folder, spec('spec', test_log.SPEC))


def sealed(make, folder, spec):
    seeds = TESTS / 'fuzz' / 'seeds' / 'certificate'
    (folder / 'key.cer').write_bytes((seeds / 'cer').read_bytes()[1:])
    (folder / 'key.pvk').write_bytes(keys.PVK_MAGIC + (seeds / 'pvk').read_bytes()[1:])
    for name, *options in SEALED:
        yield Source(make(name, *spec, '--certificate', folder / 'key.cer', *options),
                     behind=('--cert', folder / 'key.cer', '--key', folder / 'key.pvk'))


def repaired(make, folder, spec):
    """A damaged backup with a whole older one, and one with some bad pages with a damaged older one."""
    old, new = make('older.bak', *spec, '--log', '--sets', 'before', '--out'), make('newer.bak', *spec, '--log', '--out')
    raw = bytearray(new.read_bytes())
    renumber_changed(raw, old.read_bytes())
    new.write_bytes(raw)
    yield Source(new, behind=('--repair-from', old))
    for at in [p for p in checked_pages(raw) if raw[p + 1] == DATA_PAGE][4::9]:
        raw[at + PAGE // 2] ^= 0x10
    (folder / 'spoiled.bak').write_bytes(raw)
    yield Source(old, before=(folder / 'spoiled.bak', '--repair-from'))


def renumber_changed(new, old):
    """bakgen gives each page the same log sequence number; what has changed since the older backup gets a later one here, as a server
    gives it."""
    def pages(raw):
        return {raw[at + 32:at + 38]: at for at in checked_pages(raw)}
    was = pages(old)
    for number, at in pages(bytes(new)).items():
        if number in was and new[at:at + PAGE] != old[was[number]:was[number] + PAGE]:
            new[at + 48] += 1
            reseal(new, at)


def logged(make, folder, spec):
    """A backup under load; a log backup with the full one before it, and the other way round."""
    full = make('full.bak', *spec, '--log', '--truth', folder / 'truth', '--out')
    work = test_log.Work(full.read_bytes(), 1, folder / 'truth')
    work.day(40)
    (folder / 'load.bak').write_bytes(work.finish())
    yield Source(folder / 'load.bak', moments=work.moments)
    log = make('log.trn', *spec, '--sets', 'log', '--out').read_bytes()
    work, later = test_log.later(full.read_bytes(), log, 2, folder / 'truth')
    (folder / 'later.trn').write_bytes(later.finished())
    yield Source(folder / 'later.trn', before=(full,), moments=work.moments)
    yield Source(full, behind=(folder / 'later.trn',), moments=work.moments)


def of_corpus(folder):
    for name in CORPUS:
        if (folder / name).exists():
            yield Source(folder / name)
    for name, *others in CHAINS:
        if (folder / name).exists():
            yield Source(folder / name, before=[folder / o for o in others], name='chain of ' + name)


def sources(bakgen, corpus, folder):
    if bakgen and bakgen.exists():
        yield from generated(bakgen, folder)
    if corpus and corpus.is_dir():
        yield from of_corpus(corpus)
    elif corpus:
        print('skipped: corpus absent; only generated files are damaged')
