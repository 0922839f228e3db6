#!/usr/bin/env python3
"""Letters as PDF, read with poppler: text, order, fonts, pages.

usage: check_pdf.py --program MAKE_PDF --letter FILE --folder ROOM"""
import argparse
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

SKIPPED = 77


def run(*command):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode('utf-8')
    if done.returncode:
        raise AssertionError('%s ended with %d: %s' % (command[0], done.returncode, text[-2000:]))
    return text


class Room:
    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def pdf(self, body):
        source, target = self.folder / 'letter', self.folder / 'letter.pdf'
        source.write_bytes(body)
        target.unlink(missing_ok=True)
        self.told = run(self.program, source, target)
        return target

    def text(self, body):
        text = run('pdftotext', '-layout', self.pdf(body), '-')
        assert 'Syntax' not in text, text
        return text


def sum_of(data):
    return sum(struct.unpack('>%dI' % (len(data) // 4), data[:len(data) // 4 * 4])) & 0xFFFFFFFF


def fonts_in(path):
    """Every TrueType file in the PDF."""
    for body in re.findall(rb'stream\r\n(.*?)\nendstream', path.read_bytes(), re.S):
        font = zlib.decompress(body)
        if font[:4] == b'\0\1\0\0': yield font


def check_font(font):
    """Sums of all tables and of the whole, outlines in order, parts of composed letters inside the font."""
    tables = {}
    for i in range(struct.unpack_from('>H', font, 4)[0]):
        tag, total, at, size = struct.unpack_from('>4sIII', font, 12 + 16 * i)
        tables[tag] = font[at:at + size]
        data = font[at:at + (size + 3) // 4 * 4]
        if tag == b'head': data = data[:8] + bytes(4) + data[12:]
        assert sum_of(data) == total and len(tables[tag]) == size, tag
    assert list(tables) == sorted(tables) and sum_of(font) == 0xB1B0AFBA
    count = struct.unpack_from('>H', tables[b'maxp'], 4)[0]
    assert struct.unpack_from('>H', tables[b'hhea'], 34)[0] == count and len(tables[b'hmtx']) == 4 * count
    places = struct.unpack('>%dI' % (count + 1), tables[b'loca'])
    assert list(places) == sorted(places) and places[-1] == len(tables[b'glyf'])
    composed = 0
    for i in range(count):
        glyph, at, flags = tables[b'glyf'][places[i]:places[i + 1]], 10, 0x20
        while glyph and glyph[0] & 0x80 and flags & 0x20:
            flags, part = struct.unpack_from('>HH', glyph, at)
            assert 0 < part < count, 'a letter is made of one that is not there'
            at += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
            composed += 1
    return composed


def words(text):
    return ' '.join(text.split())


def check_letter(room, letter):
    body = Path(letter).read_bytes()
    text = room.text(body)
    pages = text.split('\f')
    assert len(pages) == 3 and not pages[2].strip(), 'two pages'
    for line in ('North Periodontics', 'Dr. Şahin Özgür', 'Acıbadem Diş Kliniği', 'İstanbul', 'Re: Jane Doe, DOB 03/14/1961',
                 '≥ 5 mm were found at 14 sites', '“Smart quotes” — and an ellipsis…', 'bold inside a word'):
        assert line in words(pages[0]), line
    for line in ('Page two', '☑ checked ☐ open ≥ 5 mm → refer Ω Ж ✂'):
        assert line in words(pages[1]), line
    for n, page in enumerate(pages[:2], 1):
        assert 'Referral · 2019-05-04 · PP-DOC-17' in page and '%d/2' % n in page.replace(' ', ''), 'lines of page %d' % n
    row = next(l for l in pages[0].splitlines() if l.startswith('16'))
    assert row.index('7 mm DB') < row.index('Scaling'), 'cells of a row stand side by side'
    right = next(l for l in pages[0].splitlines() if 'May 4, 2019' in l)
    assert right.index('May') > 60, 'aligned to the right'
    assert 'left out 1' in room.told, 'the picture is told'
    fonts = run('pdffonts', room.folder / 'letter.pdf').splitlines()[2:]
    assert len(fonts) == 4 and all(f.split()[-5:-2] == ['yes', 'yes', 'yes'] for f in fonts), fonts
    files = list(fonts_in(room.folder / 'letter.pdf'))
    assert len(files) == 4 and sum(check_font(f) for f in files) >= 8, 'Turkish letters are composed'
    if shutil.which('qpdf'):
        assert 'No syntax or stream encoding errors' in run('qpdf', '--check', room.folder / 'letter.pdf')
    first = (room.folder / 'letter.pdf').read_bytes()
    assert len(first) < 20000, '%d bytes: more than the letters that are shown is in the file' % len(first)
    assert room.pdf(body).read_bytes() == first, 'the same letter gave another PDF'


def check_long(room):
    lines = 400
    text = room.text(b'{\\rtf1 ' + b''.join(b'Line %d of the letter\\par ' % i for i in range(lines)) + b'}')
    found = [int(l.split()[1]) for l in text.splitlines() if l.strip().startswith('Line ')]
    assert found == list(range(lines)), 'lines are missing or in another order'
    cells = b''.join(b'\\trowd\\intbl %d\\cell %s\\cell\\row ' % (i, b'word ' * 40) for i in range(60))
    text = room.text(b'{\\rtf1 ' + cells + b'}')
    assert words(text).count('word') == 60 * 40, 'words of a table over several pages'
    wide = words(room.text(b'{\\rtf1 ' + b'x' * 5000 + b'}')).count('x')
    assert wide == 5000, 'a word without blanks: %d letters' % wide


def check_odd(room):
    assert 'Grüße, İyi günler' in words(room.text('Grüße,\r\nİyi günler'.encode()))
    room.text(b'')
    room.text(b'{\\rtf1 }')
    room.text(b'{\\rtf1 \\cell\\cell\\row\\row\\intbl\\row a\\cell b')
    assert 'before after' in words(room.text(b'{\\rtf1 before {\\*\\unknown hidden} after}'))
    room.text('{\\rtf1 \\u1513?\\u1500?}'.encode())
    assert 'left out 1' in room.told, 'letters from right to left are told'
    html = room.text('<html><body><p>Sayın <b>Dr. Şahin</b>,<br>H<sub>2</sub>O &amp; ≥ 5 mm</p><table><tr><td>16</td><td>7 mm</td></tr>'
                     '</table><p>Kind regards</p></body></html>'.encode())
    lines = [' '.join(l.split()) for l in html.splitlines() if l.strip()]
    assert lines[1] == 'Sayın Dr. Şahin,' and '& ≥ 5 mm' in words(html) and '<' not in html, html
    assert '16 7 mm' in lines and lines.index('16 7 mm') < lines.index('Kind regards'), html
    assert 'Bold' in run('pdffonts', room.folder / 'letter.pdf') and 'left out 0' in room.told
    room.text(b'<html><body><img src="x.png">picture</body></html>')
    assert 'left out 1' in room.told, 'the picture is told'
    room.text(b'G\xfcl')
    assert 'unset 1' in room.told, 'a byte that is no UTF-8 is told'
    # Ideographs are in no face: they stand as boxes, are still found as text, and are told.
    many = ''.join(map(chr, range(0x4E00, 0x4E00 + 2100)))
    assert many in ''.join(room.text(many.encode()).split()) and 'unset 2100' in room.told, room.told
    room.text(b'{\\rtf1 \\fs9999 huge \\fs1 tiny}')
    room.text(b'{\\rtf1 ' + b'\\intbl a\\cell ' * 500 + b'\\row}')


def main():
    p = argparse.ArgumentParser()
    for name in ('program', 'letter', 'folder'):
        p.add_argument('--' + name, required=True)
    a = p.parse_args()
    if not shutil.which('pdftotext'):
        print('poppler-utils are not installed')
        return SKIPPED
    room = Room(a.program, a.folder)
    check_letter(room, a.letter)
    check_long(room)
    check_odd(room)
    return 0


if __name__ == '__main__':
    sys.exit(main())
