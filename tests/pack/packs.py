"""Packs as tests see them: a bundle to pack, parts opened by 7z and cat alone, parts made by hand to harm."""
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'convert'))

import bundle  # noqa: E402  (the conversions' own)

COMMENT = b'part of a chartferry pack, sha256 '
WORDS = 'five words that nobody would guess'


def tree(folder):
    """{path: hash} of all files but those that do not travel: the log of a run, the key of its state."""
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(Path(folder).rglob('*'))
            if p.is_file() and p.relative_to(folder).as_posix() not in ('run.log', 'state/key.txt')}


def parts(folder):
    return sorted(Path(folder).glob('*.zip'))


def with_member(run, name, content):
    """The run with one file more, which its manifest knows."""
    path = run / name
    path.write_bytes(content)
    manifest = json.loads((run / 'manifest.json').read_text())
    manifest['files'].append({'path': name, 'bytes': len(content), 'sha256': hashlib.sha256(content).hexdigest()})
    (run / 'manifest.json').write_text(json.dumps(manifest, indent=2) + '\n')


def seven(folder, *words):
    done = subprocess.run(['7z', *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


def names_by_seven(path):
    """Names of members, which can be read without the passphrase."""
    out = seven(path.parent, 'l', '-slt', path).split('----------')[1]
    return re.findall(r'^Path = (.*)$', out, re.M)


def by_hand(packed, folder, passphrase):
    """What somebody without chartferry does, step by step as the cover note says."""
    note = (packed / 'cover-note.txt').read_text()
    folder.mkdir()
    for part in parts(packed):
        seven(folder, 'x', '-p' + passphrase, part)  # without -y: nothing asks
    joins = re.findall(r'Linux, macOS:  (cat .*)', note)
    for line in joins:
        subprocess.run(['sh', '-c', line.strip()], cwd=folder, check=True)
    for piece in re.findall(r'"([^"]+\.\d{3,4})"', ' '.join(joins)):
        (folder / piece).unlink()
    if 'Extract private-names.zip' in note:
        seven(folder, 'x', 'private-names.zip')
        (folder / 'private-names.zip').unlink()
    for own in folder.glob('chartferry-*.json'):
        own.unlink()
    return joins


def sealed_by_hand(path, members, part=1, pack='ab' * 16, index=None, comment=True):
    """A part as a stranger could make one: members are (name or ZipInfo, bytes)."""
    text = io.BytesIO()
    with zipfile.ZipFile(text, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('chartferry-part-%d.json' % part,
                   json.dumps({'chartferry': 'part of a pack', 'form': 1, 'pack': pack, 'part': part}))
        for name, content in members:
            z.writestr(name, content)
        if index is not None:
            whole = {'pack': pack, 'parts': part, 'sha256': [], 'files': 1, 'bytes': 1, 'in_pieces': [], 'empty_folders': []}
            z.writestr('chartferry-index.json', json.dumps({**whole, **index}))
        if comment:
            z.comment = COMMENT + b'0' * 64
    raw = text.getvalue()
    if comment:
        raw = raw[:-64] + hashlib.sha256(raw[:-64]).hexdigest().encode()
    path.write_bytes(raw)
    return path
