#!/usr/bin/env python3
"""Writes one description of the kinds of storage that no sample of bakgen has: for damage at random and for fuzzers.

usage: kinds.py FILE
"""
import sys

from cases import FEATURES

# Several hundred rows in all, so that a damaged copy is read in a moment.
NAMES = ('page_compression', 'row_compression', 'unicode_compression', 'value_trees', 'sparse', 'dropped_and_added',
         'added_with_default', 'uniquifier', 'partitions_of_all_compressions', 'special_types')


def text():
    """Tables of the chosen features, each name with the feature's in front."""
    out = ['database Kinds']
    for name, body, _, _ in FEATURES:
        if name in NAMES: out.append(body.replace('table dbo.', 'table dbo.%s_' % name))
    return '\n'.join(out)


if __name__ == '__main__':
    with open(sys.argv[1], 'w', encoding='utf-8') as file: file.write(text())
