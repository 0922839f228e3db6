#!/usr/bin/env python3
"""The project's ruler: makes its own inputs, runs each case several times and prints medians, rates and ratios to reading the
same file with cat, for one core and two, with the peak memory of the process.

usage: bench.py --chartferry FILE --bakgen FILE --xpress FILE --practice-gen FILE --charts FILE --fold FILE --templates DIR [--folder DIR]
                [--gigabytes N] [--patients N] [--runs N] [--huge] [--whole] [--only-reading] [--only-canonical]
                [--only-documents] [--only-practice]

Two kinds of rows: narrow ones (24 bytes with their slot) for rows/s, wide ones (some 440 bytes, of every common type) for
MB/s; each uncompressed and compressed, looked into, checked whole and extracted; and a CSV dump. With --only-reading: these
rows alone. With --huge, instead: 30 million wide rows, 13 GB of pages, uncompressed and compressed, looked into and checked; that
needs 14 GB in DIR.

With --whole, instead: a practice of 12 GB, three quarters of it documents, to Salesforce, once, on the disk of DIR, beside the speed at which
that disk takes bytes; that needs 30 GB in DIR, which should be a disk.

With --only-practice: a practice to the model and to the destinations, and its documents. At the end of every run that has them
stand the figures that were asked for once: a first look, the check of all checksums, tables, sites each second on one core and
two, all destinations against one from the same run, the stream of documents; each by the clock, and by the seconds of
processor, which other work on the machine changes less. The load of the machine before and after goes with them.

Inputs and results are kept below DIR (default: a new folder in /dev/shm when that has room, else the system's own folder for
temporary files) and removed at the end. Every figure comes from whole processes, the file being in the page cache as far as it
fits (how much of it is, is said): the limit is the speed of memory, not of a disk. Nothing here passes or fails.
"""
import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(command, cores=None):
    """(seconds, peak MB, exit code, seconds of processor) of one process, bound to that many cores."""
    cpus = sorted(os.sched_getaffinity(0))[:cores] if cores else None
    start = time.monotonic()
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         preexec_fn=(lambda: os.sched_setaffinity(0, cpus)) if cpus else None)
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 1024, p.returncode, usage.ru_utime + usage.ru_stime


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.asked = []  # (what, measured, wanted)
        self.load = os.getloadavg()[0]

    def ask(self, what, measured, wanted=''):
        self.asked.append((what, measured, wanted))

    def summary(self):
        if not self.asked: return
        print('\nasked for (load of the machine %.1f before, %.1f after, %d cores)' % (
            self.load, os.getloadavg()[0], len(os.sched_getaffinity(0))))
        for what, measured, wanted in self.asked: print('  %-52s %-34s %s' % (what, measured, wanted and 'wanted: ' + wanted))

    def measured(self, command, cores=None, fresh=None, codes=(0,)):
        """Median seconds, peak memory and median seconds of processor; `fresh` is a folder to remove before each run."""
        times, cpu, peak = [], [], 0
        for _ in range(self.args.runs):
            if fresh: shutil.rmtree(fresh, ignore_errors=True)
            seconds, memory, code, busy = run(command, cores)
            if code not in codes: sys.exit('bench: exit code %d from: %s' % (code, ' '.join(map(str, command))))
            times.append(seconds)
            cpu.append(busy)
            peak = max(peak, memory)
        return statistics.median(times), peak, statistics.median(cpu)

    def median(self, *args, **more):
        return self.measured(*args, **more)[:2]

    def make(self, name, *options):
        path = self.folder / name
        seconds, _, code, _ = run([self.args.bakgen, *options, '--out', path])
        if code != 0: sys.exit('bench: bakgen failed for ' + name)
        size = path.stat().st_size
        print('made %-22s %8.1f MB at %5.0f MB/s' % (name, size / 1e6, size / 1e6 / seconds))
        return path

    def line(self, title, seconds, peak, size, cat, rows=None, pages=None):
        text = '%-34s %8.2f s %7.0f MB/s' % (title, seconds, size / 1e6 / seconds)
        text += '  %5.2f of cat' % (cat / seconds)
        if rows: text += '  %6.2f Mrows/s' % (rows / 1e6 / seconds)
        if pages: text += '  %5.0f MB/s of pages' % (pages / 1e6 / seconds)
        print(text + '  peak %.0f MB' % peak, flush=True)

    def look(self, path, pages):
        """A first look, then the check of all checksums on one core and two, in turns with cat; cat's median seconds."""
        cores = range(1, min(2, len(os.sched_getaffinity(0))) + 1)
        size, packed = path.stat().st_size, ', compressed' * (pages > path.stat().st_size)
        seconds, peak = self.median([self.args.chartferry, 'inspect', path])
        command = [self.args.chartferry, 'inspect', '--full', '--quiet', path]
        took, memory = {0: [], **{n: [] for n in cores}}, 0
        for _ in range(self.args.runs):
            took[0].append(run(['cat', path])[0])
            for n in cores:
                checked, high, code, _ = run(command, n)
                if code != 0: sys.exit('bench: exit code %d from: %s' % (code, ' '.join(map(str, command))))
                took[n].append(checked)
                memory = max(memory, high)
        took = {n: statistics.median(took[n]) for n in took}
        self.line('cat', took[0], 0, size, took[0])
        self.line('inspect', seconds, peak, size, took[0])
        for n in cores: self.line('all checksums, %d core%s' % (n, 's' * (n > 1)), took[n], memory, size, took[0], pages=pages)
        self.ask('inspect, %.1f GB of pages%s' % (pages / 1e9, packed), '%.2f s' % seconds, '2 s for 12 GB')
        self.ask('all checksums, %.1f GB of pages%s' % (pages / 1e9, packed), '%.2f of cat, %.2f on one core, peak %.0f MB' % (
            took[0] / took[cores[-1]], took[0] / took[1], memory), '' if packed else '0.50 of cat, better 0.70')
        return took[0]

    def case(self, path, rows, pages):
        size, out = path.stat().st_size, self.folder / 'out'
        narrow, packed = pages / rows < 50, pages > size
        print('\n%s: %.0f MB, %.1f million rows%s' % (path.name, size / 1e6, rows / 1e6, in_page_cache(path)))
        cat = self.look(path, pages)
        if self.args.huge: return
        extract = [self.args.chartferry, 'extract', path, '--out', out, '--quiet']
        one, peak, busy = self.measured(extract + ['--threads', '1'], 1, out)
        self.line('extract, 1 core', one, peak, size, cat, rows, pages)
        if len(os.sched_getaffinity(0)) > 1:
            two, peak, busy = self.measured(extract + ['--threads', '2'], 2, out)
            self.line('extract, 2 cores', two, peak, size, cat, rows, pages)
            print('two cores against one: %.2f times; %.1f s of processor' % (one / two, busy), flush=True)
            self.ask('extract, %s rows%s' % ('narrow' if narrow else 'wide', ', compressed' * packed),
                     '%.0f MB/s of pages, %.2f Mrows/s, peak %.0f MB' % (pages / 1e6 / two, rows / 1e6 / two, peak),
                     '400 MB/s, 256 MB' if packed else '6 Mrows/s, 256 MB' if narrow else '500 MB/s, 256 MB')
            self.ask('', '%.2f times one core; %.1f s of processor' % (one / two, busy), '1.60 times')
        shutil.rmtree(out, ignore_errors=True)

    def dump(self, rows):
        """A CSV dump of plain values: what extract makes of the wide sample, read back."""
        path = self.make('wide-for-dump.bak', '--sample', 'wide', '--rows', str(rows))
        folder = self.folder / 'dump'
        run([self.args.chartferry, 'extract', path, '--out', folder, '--quiet'])
        path.unlink()
        table = max((p for p in folder.glob('*.csv')), key=lambda p: p.stat().st_size)
        name, size, out = table.stem, table.stat().st_size, self.folder / 'out'
        cat, _ = self.median(['cat', table])
        print('\n%s: %.0f MB of CSV, %.1f million rows' % (table.name, size / 1e6, rows / 1e6))
        self.line('cat', cat, 0, size, cat)
        count = [self.args.chartferry, 'sql', folder, 'SELECT count(*) FROM "%s"' % name, '--quiet']
        seconds, peak = self.median(count, 1)
        self.line('rows cut and counted, 1 core', seconds, peak, size, cat, rows)
        extract = [self.args.chartferry, 'extract', folder, '--out', out, '--quiet']
        one, peak = self.median(extract + ['--threads', '1'], 1, out)
        self.line('read and written again, 1 core', one, peak, size, cat, rows)
        if len(os.sched_getaffinity(0)) > 1:
            two, peak = self.median(extract + ['--threads', '2'], 2, out)
            self.line('read and written again, 2 cores', two, peak, size, cat, rows)
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)

    def joins(self):
        """Joins of SQL over a backup: 150,000 exams with 20,000 patients; 30 million sites with both."""
        spec = self.folder / 'joins.spec'
        spec.write_text(JOINS)
        path = self.make('joins.bak', '--spec', spec)
        print()
        for title, rows, sql in JOIN_STATEMENTS:
            seconds, peak = self.median([self.args.chartferry, 'sql', path, sql, '--quiet'])
            print('%-52s %8.2f s  %6.2f Mrows/s  peak %.0f MB' % (title, seconds, rows / 1e6 / seconds, peak), flush=True)
        path.unlink()

    def charts(self):
        """Made-up charts to files, nothing being read."""
        folder = self.folder / 'charts'
        folder.mkdir()
        print('\n' + subprocess.run([self.args.charts, folder, '50000'], capture_output=True, text=True, check=True).stdout, end='')
        shutil.rmtree(folder)

    def fold(self):
        """150,000 exams of 32 teeth, 24 measures each, to exams with scores, nothing being written; then with all rows mixed."""
        declaration = self.folder / 'fold.yaml'
        declaration.write_text(FOLD_DECLARATION)
        for title, spec in (('in the order of exams', FOLD), ('all exams mixed', FOLD.replace('seq 1 1 div 32', 'seq 1 1 mod 150000')
                                                             .replace('seq 1 1 mod 32', 'seq 1 1 div 150000'))):
            (self.folder / 'fold.spec').write_text(spec)
            path = self.make('fold.bak', '--spec', self.folder / 'fold.spec')
            print('\n%s, %s' % (path.name, title))
            for cores in range(1, min(2, len(os.sched_getaffinity(0))) + 1):
                command = [self.args.fold, path, 'dbo.PeriodontalCharting', declaration, str(cores)]
                cpus = set(sorted(os.sched_getaffinity(0))[:cores])
                p = subprocess.run(command, capture_output=True, text=True, check=True,
                                   preexec_fn=lambda: os.sched_setaffinity(0, cpus))
                print(p.stdout, end='', flush=True)
                print('  peak %.0f MB' % run(command, cores)[1], flush=True)
            path.unlink()

    def canonical(self, patients):
        """A whole practice to the canonical model: read, normalized, folded, written, hashed and counted. A site is what the
        canonical file has a row of; its values are up to seven."""
        folder, out = self.folder / 'practice', self.folder / 'out'
        seconds, _, code, _ = run([self.args.practice_gen, '--out', folder, '--patients', str(patients), '--lean'])
        if code != 0: sys.exit('bench: practice-gen failed')
        path, truth = folder / 'practice.bak', json.loads((folder / 'truth/digests.json').read_text())
        size, exams, sites = path.stat().st_size, truth['clinical_exam']['count'], truth['site_measure']['count']
        cat, _ = self.median(['cat', path])
        print('\n%s: %.0f MB, %d patients, %d exams, %.1f million sites (made in %.0f s)' % (
            path.name, size / 1e6, patients, exams, sites / 1e6, seconds))
        self.line('cat', cat, 0, size, cat)
        command = [self.args.chartferry, 'convert', path, '--to', 'canonical', '--out', out, '--quiet', '--templates',
                   self.args.templates]
        took = {}
        for cores in range(1, min(2, len(os.sched_getaffinity(0))) + 1):
            seconds, peak, cpu = self.measured(command, cores, out, codes=(0, 3))
            took[cores] = seconds
            self.line('convert to canonical, %d core%s' % (cores, 's' * (cores > 1)), seconds, peak, size, cat)
            print('  %.2f million sites/s; %.1f s of processor, %.2f million sites to each' % (
                sites / 1e6 / seconds, cpu, sites / 1e6 / cpu), flush=True)
            self.ask('canonical, %d core%s' % (cores, 's' * (cores > 1)),
                     '%.2f million site rows/s, peak %.0f MB' % (sites / 1e6 / seconds, peak), '2.00 on two cores, 256 MB' * (cores == 2))
            self.ask('', '%.1f s, %.1f s of processor' % (seconds, cpu))
        written = next(out.iterdir())
        values = values_of(written)
        if 2 in took: print('two cores against one: %.2f times' % (took[1] / took[2]))
        print('%.0f MB written; %.1f million single values of sites' % (
            sum(p.stat().st_size for p in written.rglob('*') if p.is_file()) / 1e6, values / 1e6), flush=True)
        # What is asked for says "site values": a site is one, or each of its cells that is filled is one.
        for cores in took:
            self.ask('the same in single values (depth, recession, marks)',
                     '%.2f million site values/s' % (values / 1e6 / took[cores]), '2.00, and 4.00 (issue 10), on two cores' * (cores == 2))
        shutil.rmtree(out, ignore_errors=True)
        self.destinations(path, size, cat)
        shutil.rmtree(folder)

    def destinations(self, path, size, cat):
        """All four CRMs in one run against each alone, without documents: reading, staging and folding are done once."""
        out, took, busy = self.folder / 'out', {}, {}
        print('\nwithout documents and letters, on all cores')
        for to in DESTINATIONS + (','.join(DESTINATIONS),):
            command = [self.args.chartferry, 'convert', path, '--to', to, '--only', 'entities:' + WITHOUT_DOCUMENTS, '--out', out,
                       '--quiet', '--templates', self.args.templates]
            seconds, peak, cpu = self.measured(command, None, out, codes=(0, 3))
            took[to], busy[to] = seconds, cpu
            self.line('convert to ' + ('all four' if ',' in to else to), seconds, peak, size, cat)
            print('  %.1f s of processor' % cpu, flush=True)
        alone = [took[to] for to in DESTINATIONS]
        every = took[','.join(DESTINATIONS)]
        print('all four against one: %.2f times the mean of one alone, %.2f times the fastest, %.2f times the slowest' % (
            every / statistics.mean(alone), every / min(alone), every / max(alone)), flush=True)
        self.ask('all four against one alone', '%.2f of the mean, %.2f of the fastest' % (
            every / statistics.mean(alone), every / min(alone)), '3.00')
        alone, every = [busy[to] for to in DESTINATIONS], busy[','.join(DESTINATIONS)]
        self.ask('', '%.2f, %.2f by processor' % (every / statistics.mean(alone), every / min(alone)))
        shutil.rmtree(out, ignore_errors=True)

    def documents(self, patients):
        """X-rays of 500 KB, as JPEG and as DICOM that packs, from a backup into archives, beside cp of the same bytes; and what
        they add to a run that leaves them out."""
        folder, out = self.folder / 'practice', self.folder / 'out'
        _, _, code, _ = run([self.args.practice_gen, '--out', folder, '--patients', str(patients), '--lean', '--document-kb', '500'])
        if code != 0: sys.exit('bench: practice-gen failed')
        path = folder / 'practice.bak'
        with open(folder / 'truth/document.csv', encoding='utf-8', newline='') as f:
            sizes = [int(r['size']) for r in csv.DictReader(f) if r['size']]
        size = sum(sizes)
        print('\n%s: %.0f MB, %d documents of %.0f MB' % (path.name, path.stat().st_size / 1e6, len(sizes), size / 1e6))
        copy, _ = self.median(['cp', path, self.folder / 'copy'])
        (self.folder / 'copy').unlink()
        print('%-34s %8.2f s %7.0f MB/s' % ('cp', copy, path.stat().st_size / 1e6 / copy))
        command = [self.args.chartferry, 'convert', path, '--to', 'salesforce', '--out', out, '--quiet', '--templates', self.args.templates]
        for cores in range(1, min(2, len(os.sched_getaffinity(0))) + 1):
            took = {}
            for title, only in (('without documents', 'entities:patient'), ('documents alone', 'entities:document')):
                seconds, peak, cpu = self.measured(command + ['--only', only], cores, out, codes=(0, 3))
                took[only] = seconds
                print('%-34s %8.2f s, %.1f s of processor, peak %.0f MB' % ('%s, %d core%s' % (title, cores, 's' * (cores > 1)), seconds,
                                                                          cpu, peak), flush=True)
            more = took['entities:document'] - took['entities:patient']
            print('  documents streamed at %.0f MB/s, %.2f of cp' % (size / 1e6 / more, size / path.stat().st_size * copy / more))
            self.ask('documents, %d core%s' % (cores, 's' * (cores > 1)), '%.0f MB/s' % (size / 1e6 / more), '150 MB/s')
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(folder)

    def disk(self):
        """Bytes each second that the disk takes: 4 GB that no disk can make smaller, and brought to it as a conversion does."""
        path, piece, pieces = self.folder / 'disk', os.urandom(16 << 20), 256
        start = time.monotonic()
        with open(path, 'wb', buffering=0) as f:
            for _ in range(pieces): f.write(piece)
            os.fdatasync(f.fileno())
        seconds = time.monotonic() - start
        path.unlink()
        return pieces * len(piece) / seconds

    def whole(self):
        """A practice as large as they come: 12 GB, three quarters of it documents, read from the disk and written to it."""
        folder, out = self.folder / 'practice', self.folder / 'out'
        _, _, code, _ = run([self.args.practice_gen, '--out', folder, '--lean', *WHOLE])
        if code != 0: sys.exit('bench: practice-gen failed')
        path = folder / 'practice.bak'
        with open(folder / 'truth/document.csv', encoding='utf-8', newline='') as f:
            sizes = [int(r['size']) for r in csv.DictReader(f) if r['size']]
        size = path.stat().st_size
        print('\n%s: %.1f GB, %d documents of %.1f GB' % (path.name, size / 1e9, len(sizes), sum(sizes) / 1e9))
        disk = self.disk()
        print('the disk takes %.0f MB/s' % (disk / 1e6), flush=True)
        seconds, peak, code, cpu = run([self.args.chartferry, 'convert', path, '--to', 'salesforce', '--out', out, '--quiet',
                                        '--templates', self.args.templates])
        if code not in (0, 3): sys.exit('bench: exit code %d from convert' % code)
        written = sum(p.stat().st_size for p in out.rglob('*') if p.is_file())
        print('convert to salesforce: %.1f s, %.1f s of processor, %.1f GB written, peak %.0f MB' % (seconds, cpu, written / 1e9, peak))
        self.ask('12 GB with documents to one destination', '%.0f MB/s read, %.0f MB/s written' % (
            size / 1e6 / seconds, written / 1e6 / seconds), 'half of %.0f MB/s' % (disk / 1e6))
        self.ask('', 'peak %.0f MB' % peak, '256 MB')

    def both(self, sample, rows):
        """A sample uncompressed and compressed."""
        options = ('--sample', sample, '--rows', str(rows))
        path = self.make(sample + '.bak', *options)
        pages = path.stat().st_size
        self.case(path, rows, pages)
        path.unlink()
        path = self.make(sample + '-compressed.bak', *options, '--compress')
        self.case(path, rows, pages)
        path.unlink()


def in_page_cache(path):
    """How much of a file is in memory, where the system tells."""
    if not shutil.which('fincore'): return ''
    told = subprocess.run(['fincore', '--bytes', '--noheadings', '--output', 'RES', path], capture_output=True, text=True)
    return ', %.0f %% of it in the page cache' % (100 * int(told.stdout) / path.stat().st_size) if told.returncode == 0 else ''


def values_of(run_folder):
    """Values of sites: what is filled of depth, recession, attachment as the source has it, and the four marks."""
    values = 0
    for path in sorted((run_folder / 'canonical').glob('*_site_measure*.csv')):
        with open(path, encoding='utf-8', newline='') as f:
            head = next(f).rstrip().split(',')
            kept = [i for i, name in enumerate(head) if name in MEASURED]
            # Keys of this practice are numbers: no cell is quoted.
            values += sum(cells[i] != '' for cells in (line.rstrip('\r\n').split(',') for line in f) for i in kept)
    return values


DESTINATIONS = ('salesforce', 'dynamics', 'zoho', 'pipedrive')
WITHOUT_DOCUMENTS = ','.join((
    'organization', 'practice_location', 'provider', 'patient', 'guarantor', 'clinical_exam', 'tooth_record', 'site_measure',
    'custom_finding', 'radiograph', 'treatment_plan', 'plan_line', 'clinical_note', 'workflow_flag', 'referral', 'appointment',
    'insurance_policy', 'custom_value', 'billing_line', 'diagnosis', 'recall'))
MEASURED = ('pd', 'recession', 'cal_source', 'bop', 'suppuration', 'plaque', 'calculus')


def room_for(folder, needed):
    return os.path.isdir(folder) and shutil.disk_usage(folder).free > needed


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--chartferry', type=Path, required=True)
    p.add_argument('--bakgen', type=Path, required=True)
    p.add_argument('--xpress', type=Path, required=True)
    p.add_argument('--practice-gen', type=Path, required=True)
    p.add_argument('--templates', type=Path, required=True)
    p.add_argument('--charts', type=Path, required=True)
    p.add_argument('--fold', type=Path, required=True)
    p.add_argument('--patients', type=int, default=20000)
    p.add_argument('--only-canonical', action='store_true')
    p.add_argument('--only-documents', action='store_true')
    p.add_argument('--only-practice', action='store_true')
    p.add_argument('--only-reading', action='store_true')
    p.add_argument('--folder', type=Path)
    p.add_argument('--gigabytes', type=float, default=2.0)
    p.add_argument('--runs', type=int, default=3)
    p.add_argument('--huge', action='store_true')
    p.add_argument('--whole', action='store_true')
    args = p.parse_args()
    if args.huge: args.gigabytes = 14
    if args.whole: args.runs, args.gigabytes = 1, 12
    needed = args.gigabytes * (1.1e9 if args.huge else 3e9)
    base = args.folder or ('/dev/shm' if not args.whole and room_for('/dev/shm', needed) else None)
    folder = Path(tempfile.mkdtemp(prefix='chartferry-bench-', dir=base))
    bench = Bench(args, folder)
    try:
        print('%d cores, %d runs each, medians' % (len(os.sched_getaffinity(0)), args.runs))
        if args.only_canonical:
            bench.fold()
            bench.charts()
            bench.canonical(args.patients)
            return 0
        if args.only_documents:
            bench.documents(args.patients // 10)
            return 0
        if args.only_practice:
            bench.canonical(args.patients)
            bench.documents(args.patients // 10)
            return 0
        if args.whole:
            bench.whole()
            return 0
        if args.huge:
            bench.both('wide', HUGE_ROWS)
            return 0
        print(subprocess.run([args.xpress], capture_output=True, text=True, check=True).stdout, end='')
        for sample, per_gigabyte in ROWS_PER_GIGABYTE.items(): bench.both(sample, int(args.gigabytes * per_gigabyte))
        if args.only_reading: return 0
        bench.dump(int(args.gigabytes * 1_000_000))
        bench.joins()
        bench.fold()
        bench.charts()
        bench.canonical(args.patients)
        bench.documents(args.patients // 10)
    finally:
        bench.summary()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


# Rows of bakgen's samples that fill a gigabyte of pages.
ROWS_PER_GIGABYTE = {'narrow': 41_000_000, 'wide': 2_270_000}
HUGE_ROWS = 30_000_000
# Of practice-gen: 12 GB, of which 9 GB are documents.
WHOLE = ('--patients', '24000', '--document-kb', '250')

FOLD = """database Fold
seed 11
table dbo.PeriodontalCharting 4800000
column ChartingID int not null identity seq
column ExamID int not null seq 1 1 div 32
column ToothNumber tinyint not null seq 1 1 mod 32
""" + ''.join('column %s_%s %s null %d%% random %s\n' % (name, site, kind, nulls, values)
              for name, kind, nulls, values in (('PD', 'tinyint', 3, '1..9'), ('REC', 'smallint', 3, '0..4'), ('BOP', 'bit', 3, '0..1'),
                                                ('PLQ', 'bit', 3, '0..1'))
              for site in ('MB', 'B', 'DB', 'ML', 'L', 'DL')) + """column Mobility varchar(4) null 80% list 1 1+ II
primary ChartingID
"""
FOLD_DECLARATION = """shape: tooth_row
table: dbo.PeriodontalCharting
exam: ExamID
tooth: ToothNumber
numbering: universal
margin_sign: recession_positive
columns:
  PD_{site}: pd
  REC_{site}: recession
  BOP_{site}: bop
  PLQ_{site}: plaque
  Mobility: mobility
"""
JOINS = """database Joins
seed 7
table dbo.Patient 20000
column PatientId int not null identity seq
column LastName nvarchar(50) not null list Abara Berglund Castellano Dimitrov Eriksen Fontaine
column BirthDate date not null random 1936-01-01..2008-12-31
primary PatientId
table dbo.Exam 150000
column ExamId int not null identity seq
column PatientId int not null random 1..20000
column ExamDate date not null random 2012-01-10..2019-01-31
column Fee decimal(9,2) not null random 40.00..6800.00
primary ExamId
foreign PatientId dbo.Patient
table dbo.Site 30000000
column ExamId int not null seq 1 1 div 200
column Site tinyint not null seq 1 1 mod 200
column Depth tinyint null 4% random 1..9
primary ExamId Site
foreign ExamId dbo.Exam
"""
THREE = 'FROM Site s JOIN Exam e ON e.ExamId = s.ExamId JOIN Patient p ON p.PatientId = e.PatientId'
JOIN_STATEMENTS = [
    ('SQL: one scan with an aggregate', 30e6, 'SELECT count(*), sum(Depth) FROM Site'),
    ('SQL: exams joined to patients', 150e3,
     'SELECT p.LastName, e.ExamDate, e.Fee FROM Exam e JOIN Patient p ON p.PatientId = e.PatientId'),
    ('SQL: patients left joined to exams', 150e3,
     'SELECT count(*), sum(e.Fee) FROM Patient p LEFT JOIN Exam e ON e.PatientId = p.PatientId'),
    ('SQL: three tables, one aggregate', 30e6, 'SELECT count(*), sum(s.Depth), sum(e.Fee), max(p.LastName) ' + THREE),
    ('SQL: three tables, one patient', 30e6, 'SELECT count(*), sum(s.Depth) %s WHERE p.PatientId = 77' % THREE),
    ('SQL: three tables, grouped by patient name', 30e6,
     'SELECT p.LastName, count(*), sum(s.Depth) %s GROUP BY p.LastName' % THREE),
]

if __name__ == '__main__': sys.exit(main())
