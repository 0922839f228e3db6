"""Where the database pages and the log blocks of a file are, and their checksums: only as much as damaging a file on purpose needs.

Written apart from the readers in formats/, so that a mistake there is not repeated here.
"""
import struct

PAGE = 8192
WORDS = struct.Struct('<2048I')
CHECKSUM_AT = 60       # in the page header
HAS_CHECKSUM = 0x200   # in the flags at offset 4


def checksum(page):
    """XOR over the sixteen 512-byte sectors, each rotated by its distance from the last; the field itself counts as 0."""
    words = list(WORDS.unpack(page))
    words[CHECKSUM_AT // 4] = 0
    total = 0
    for sector in range(16):
        x = 0
        for w in words[sector * 128:sector * 128 + 128]:
            x ^= w
        turn = 15 - sector
        total ^= ((x << turn) | (x >> (32 - turn))) & 0xFFFFFFFF if turn else x
    return total


def is_checked_page(raw, at):
    flags, = struct.unpack_from('<H', raw, at + 4)
    stored, = struct.unpack_from('<I', raw, at + CHECKSUM_AT)
    return bool(flags & HAS_CHECKSUM) and stored == checksum(raw[at:at + PAGE])


def checked_pages(raw):
    """Offsets of the pages with a checksum that holds; in a backup they begin at any multiple of 512."""
    found, at = [], 0
    while at + PAGE <= len(raw):
        if raw[at] == 1 and 1 <= raw[at + 1] <= 20 and is_checked_page(raw, at):
            found.append(at)
            at += PAGE
        else:
            at += 512
    return found


def reseal(raw, at):
    """Gives the page at this offset of a bytearray the checksum of what it now holds."""
    struct.pack_into('<I', raw, at + CHECKSUM_AT, checksum(bytes(raw[at:at + PAGE])))


SECTOR = 512
BLOCK_SUM_AT = 24      # in the header of a log block


def block_checksum(block):
    """XOR of the sectors' words, the sum turned left by one before each further sector; the field itself counts as 0."""
    total = 0
    for at in range(0, len(block), SECTOR):
        for w in struct.unpack_from('<128I', block, at):
            total ^= w
        if at + SECTOR < len(block):
            total = ((total << 1) | (total >> 31)) & 0xFFFFFFFF
    return total


def checked_blocks(raw):
    """(offset, size) of the log blocks with a checksum that holds; they begin at any multiple of a sector."""
    found, at = [], 0
    while at + SECTOR <= len(raw):
        size, = struct.unpack_from('<H', raw, at + 6)
        if raw[at] & 0xF0 == 0x50 and size and size % SECTOR == 0 and at + size <= len(raw) and is_checked_block(raw, at, size):
            found.append((at, size))
            at += size
        else:
            at += SECTOR
    return found


def is_checked_block(raw, at, size):
    stored, = struct.unpack_from('<I', raw, at + BLOCK_SUM_AT)
    return stored == block_checksum(unsummed(raw, at, size))


def unsummed(raw, at, size):
    block = bytearray(raw[at:at + size])
    struct.pack_into('<I', block, BLOCK_SUM_AT, 0)
    return block


def reseal_block(raw, at, size):
    """Gives the log block at this offset of a bytearray the checksum of what it now holds."""
    struct.pack_into('<I', raw, at + BLOCK_SUM_AT, block_checksum(unsummed(raw, at, size)))
