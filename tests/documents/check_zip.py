#!/usr/bin/env python3
"""Reads archives of formats/zip with programs that share no code with it: zipfile of Python, unzip, 7z.

usage: check_zip.py --program MAKE_ZIP --folder ROOM [--large]
"""
import argparse
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

HUGE = (1 << 32) + 12345
MANY = 65540
SKIPPED = 77


def make(program, case, path):
    path.unlink(missing_ok=True)
    said = subprocess.run([program, case, str(path)], check=True, capture_output=True, text=True).stdout
    size = path.stat().st_size
    if int(said) != size:
        raise AssertionError('%s: the writer counts %s bytes, the file has %d' % (case, said.strip(), size))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or 'Warning' in done.stdout or 'warning' in done.stderr:
        raise AssertionError('%s: %d\n%s%s' % (' '.join(command), done.returncode, done.stdout[-2000:], done.stderr[-2000:]))


def others(path):
    if shutil.which('unzip'):
        run('unzip', '-tqq', str(path))
    if shutil.which('7z'):
        run('7z', 't', str(path))


def local_of(data, info):
    """(flags, sizes, extra) of the header before a member's bytes."""
    at = info.header_offset
    assert data[at:at + 4] == b'PK\x03\x04'
    u16 = lambda i: int.from_bytes(data[at + i:at + i + 2], 'little')
    u32 = lambda i: int.from_bytes(data[at + i:at + i + 4], 'little')
    extra = data[at + 30 + u16(26):at + 30 + u16(26) + u16(28)]
    return u16(6), (u32(18), u32(22)), extra


def check_small(program, room):
    path = room / 'small.zip'
    make(program, 'small', path)
    first = path.read_bytes()
    make(program, 'small', path)
    assert path.read_bytes() == first, 'the same members gave other bytes'
    others(path)
    with zipfile.ZipFile(path) as z:
        assert [i.filename for i in z.infolist()] == ['package.xml', 'empty.txt', 'Attachments/0001.jpg', 'Köprü Ş.txt', 'unknown.txt']
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert z.read('unknown.txt') == b'of unknown length\n' * 1000
        assert z.read('Attachments/0001.jpg') == b'\xff\xd8\xff\xe0 picture'
        assert z.getinfo('Attachments/0001.jpg').compress_type == zipfile.ZIP_STORED
        for i in z.infolist():
            flags, sizes, extra = local_of(first, i)
            assert sizes == (i.compress_size, i.file_size), 'sizes stand before the bytes, not behind'
            assert flags & 8 == 0
            if i.filename != 'unknown.txt':
                assert extra == b'', 'ZIP64 where nothing needs it'
            else:
                assert int.from_bytes(extra[4:12], 'little') == i.file_size, 'large length left zero'


def check_many(program, room):
    path = room / 'many.zip'
    make(program, 'many', path)
    others(path)
    with zipfile.ZipFile(path) as z:
        assert len(z.namelist()) == MANY
        assert z.read('d065/f65539.txt') == b'file 65539\n'
        assert z.testzip() is None
    path.unlink()


def check_huge(program, room, case):
    path = room / (case + '.zip')
    make(program, case, path)
    others(path)
    with zipfile.ZipFile(path) as z:
        info = z.getinfo('huge.bin')
        assert info.file_size == HUGE
        crc, n = 0, 0
        with z.open(info) as f:
            while piece := f.read(1 << 22):
                assert not any(piece) if len(piece) < 4096 else piece.count(0) == len(piece)
                crc, n = zlib.crc32(piece, crc), n + len(piece)
        assert (crc, n) == (info.CRC, HUGE)
        assert z.read('behind.txt') == b'behind it\n'
    path.unlink()


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--program', required=True)
    p.add_argument('--folder', required=True, type=Path)
    p.add_argument('--large', action='store_true')
    a = p.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    if not a.large:
        check_small(a.program, a.folder)
        check_many(a.program, a.folder)
        return 0
    if shutil.disk_usage(a.folder).free < HUGE + (2 << 30):
        print('not enough room for an archive of 4 GB')
        return SKIPPED
    check_huge(a.program, a.folder, 'deflated')
    check_huge(a.program, a.folder, 'stored')
    return 0


if __name__ == '__main__':
    sys.exit(main())
