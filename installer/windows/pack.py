#!/usr/bin/env python3
"""The portable ZIP, and the list of files that the setup program installs and takes away.

usage: pack.py zip TREE OUT.zip NAME     every file of TREE below the folder NAME; the same files give the same bytes
       pack.py nsis TREE OUT.nsh         File lines; with UNINSTALL defined, lines that delete just these
"""
import sys
import zipfile
from pathlib import Path


def files_of(tree):
    return sorted(p for p in tree.rglob('*') if p.is_file())


def make_zip(tree, out, name):
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for path in files_of(tree):
            member = zipfile.ZipInfo('%s/%s' % (name, path.relative_to(tree).as_posix()), (2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            z.writestr(member, path.read_bytes())


def quoted(path):
    return str(path).replace('$', '$$')


def installed(path):
    return '$INSTDIR' + ('' if path == Path('.') else '\\' + quoted(path).replace('/', '\\'))


def make_list(tree, out):
    files = [p.relative_to(tree) for p in files_of(tree)]
    folders = sorted({f for p in files for f in p.parents if f != Path('.')}, reverse=True)
    lines = ['!ifndef UNINSTALL']
    at = None
    for p in files:
        if p.parent != at:
            at = p.parent
            lines.append('  SetOutPath "%s"' % installed(at))
        lines.append('  File "%s"' % quoted(tree / p))
    lines.append('!else')
    lines += ['  Delete "%s"' % installed(p) for p in files]
    lines += ['  RMDir "%s"' % installed(f) for f in folders]
    lines.append('!endif')
    Path(out).write_text('\n'.join(lines) + '\n', encoding='utf-8')


if __name__ == '__main__':
    if sys.argv[1] == 'zip':
        make_zip(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        make_list(Path(sys.argv[2]).resolve(), sys.argv[3])
