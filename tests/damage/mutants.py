"""Damaged copies of a file, the same ones every time: mutant number i of a name is a function of both and nothing else."""
import random
import struct

from pages import PAGE, reseal, reseal_block

# Declared counts, lengths and pointers that are beyond what any file can hold, or just beyond a limit.
OVERSTATED = (0xFFFF, 0xFFFE, 0x8000, 0x7FFF, 0x2000, 0x1FA0, 0)


def flip_bits(r, raw, *_):
    for _ in range(r.choice((1, 1, 1, 2, 8))):
        at = r.randrange(len(raw))
        raw[at] ^= 1 << r.randrange(8)


def truncate(r, raw, *_):
    keep = r.randrange(len(raw))
    del raw[keep if r.random() < 0.5 else keep // 512 * 512:]


def zero_block(r, raw, *_):
    size = r.choice((512, 4096, 8192, 65536))
    at = r.randrange(max(1, len(raw) - size)) // 512 * 512
    raw[at:at + size] = bytes(len(raw[at:at + size]))


def swap_extents(r, raw, pages, _):
    size = r.choice((PAGE, 8 * PAGE))
    if len(pages) >= 2:
        a, b = r.sample(pages, 2)
    else:
        a, b = (r.randrange(max(1, len(raw) - size)) // 512 * 512 for _ in range(2))
    a, b = min(a, b), max(a, b)
    size = min(size, b - a, len(raw) - b)
    raw[a:a + size], raw[b:b + size] = raw[b:b + size], raw[a:a + size]


def overstate(r, raw, pages, _):
    """Somewhere in the headers of the container, or in a page's header."""
    at = r.choice(pages) + r.randrange(0, 96, 2) if pages and r.random() < 0.7 else r.randrange(0, min(len(raw), 16384) - 4)
    struct.pack_into('<H', raw, at, r.choice(OVERSTATED))


def damage_block(r, raw, at, size):
    """Damage in a block of the log that its checksum then vouches for: header, records or the list of their places."""
    for _ in range(r.choice((1, 1, 2, 4))):
        where = at + r.choice((r.randrange(2, 20), r.randrange(48, size - 1), r.randrange(48, min(size, 160)), size - 2 - r.randrange(64)))
        if r.random() < 0.5:
            struct.pack_into('<H', raw, where, r.choice(OVERSTATED))
        else:
            raw[where] = r.randrange(256)
    reseal_block(raw, at, size)


def reseal_damage(r, raw, pages, blocks):
    """Damage in a page that its checksum then vouches for: header, record area or slot array; or in a block of the log."""
    if blocks and (not pages or r.random() < 0.5):
        return damage_block(r, raw, *r.choice(blocks))
    if not pages:
        return overstate(r, raw, pages, blocks)
    page = r.choice(pages)
    for _ in range(r.choice((1, 1, 2, 4))):
        where = r.choice((r.randrange(0, 96), r.randrange(96, 400), r.randrange(96, PAGE), PAGE - 2 * r.randrange(1, 40)))
        at = page + min(where, PAGE - 2)
        if r.random() < 0.5:
            struct.pack_into('<H', raw, at, r.choice(OVERSTATED))
        else:
            raw[at] = r.randrange(256)
    reseal(raw, page)
    return None


# Name, how often, what it does, and whether a checksum still tells that the page changed.
KINDS = (('bits', 8, flip_bits, True), ('cut', 3, truncate, True), ('zeros', 3, zero_block, True),
         ('swap', 2, swap_extents, True), ('overstated', 4, overstate, True), ('resealed', 6, reseal_damage, False))


def mutant(name, number, original, pages, blocks=()):
    """(kind, bytes, whether the checksums of the file still tell)."""
    r = random.Random('%s/%d' % (name, number))
    kind, _, damage, told = r.choices(KINDS, [k[1] for k in KINDS])[0]
    raw = bytearray(original)
    damage(r, raw, pages, blocks)
    return kind, bytes(raw), told
