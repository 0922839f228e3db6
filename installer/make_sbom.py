#!/usr/bin/env python3
"""The bill of materials of a chartferry program, as CycloneDX 1.5 in JSON: each part with its version, licence and, where the sources are
pinned, their SHA-256. The same parts give the same bytes: there is no time in it.

usage: make_sbom.py VERSION linux              what the Linux program is linked with, by pkg-config
       make_sbom.py VERSION windows SOURCES    what chartferry.exe is made of, by windows-sources.txt"""
import json
import re
import subprocess
import sys
import uuid

# Debian source package: (name of its pkg-config file, licence by SPDX). No pkg-config file: the version is not asked for on Linux.
PARTS = {
    'bzip2': (None, 'bzip2-1.0.6'),
    'expat': ('expat', 'MIT'),
    'freetds': (None, 'LGPL-2.0-or-later'),
    'jansson': ('jansson', 'MIT'),
    'libarchive': ('libarchive', 'BSD-2-Clause'),
    'libdeflate': ('libdeflate', 'MIT'),
    'libharu': (None, 'Zlib'),
    'libyaml': ('yaml-0.1', 'MIT'),
    'openssl': ('libcrypto', 'Apache-2.0'),
    'sqlite3': ('sqlite3', 'blessing'),
    'xz-utils': (None, '0BSD'),
    'zlib': ('zlib', 'Zlib'),
}
FONTS = {'type': 'library', 'name': 'dejavu-fonts', 'description': 'letters of the PDFs, part of the program',
         'licenses': [{'license': {'name': 'Bitstream Vera and Arev fonts'}}]}
ONLY_FOR_TESTS = {'cmocka'}


def component(name, version, hashes=()):
    made = {'type': 'library', 'name': name, 'licenses': [{'license': {'id': PARTS[name][1]}}]}
    if version:
        made['version'] = version
    if hashes:  # pinned: this very package
        made['purl'] = 'pkg:deb/debian/%s@%s?arch=source' % (name, version)
        made['hashes'] = [{'alg': 'SHA-256', 'content': h} for h in hashes]
    return made


def on_linux():
    for name, (module, _) in sorted(PARTS.items()):
        if module:
            yield component(name, subprocess.run(['pkg-config', '--modversion', module], capture_output=True, text=True,
                                                 check=True).stdout.strip())
        elif name in ('freetds', 'libharu'):
            yield component(name, None)


def on_windows(path):
    found = {}
    for line in open(path, encoding='utf-8'):
        if line.strip() and not line.startswith('#'):
            name, file, digest = line.split()
            version = re.fullmatch(re.escape(name) + r'_(.+?)\.(?:orig|debian)\.tar\..*', file).group(1)
            found.setdefault(name, []).append((version, digest))
    for name in sorted(found):
        if name not in ONLY_FOR_TESTS:
            yield component(name, found[name][-1][0], [digest for _, digest in found[name]])


def main():
    if len(sys.argv) < 3 or (sys.argv[2] == 'windows') != (len(sys.argv) == 4):
        sys.exit(__doc__)
    parts = list(on_windows(sys.argv[3]) if sys.argv[2] == 'windows' else on_linux()) + [FONTS]
    bill = {'bomFormat': 'CycloneDX', 'specVersion': '1.5', 'version': 1,
            'metadata': {'component': {'type': 'application', 'name': 'chartferry', 'version': sys.argv[1],
                                       'licenses': [{'license': {'id': 'Apache-2.0'}}]}},
            'components': parts}
    bill['serialNumber'] = 'urn:uuid:%s' % uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(bill, sort_keys=True))
    json.dump(bill, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == '__main__':
    main()
