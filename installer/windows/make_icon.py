#!/usr/bin/env python3
"""Draws the program's icon: a boat that carries a chart. usage: make_icon.py FILE.ico

Our own drawing, in code: shapes on a square of 64 units, sampled 4 by 4 for each pixel."""
import struct
import sys
import zlib

SIZES = (16, 24, 32, 48, 256)
SEA, HULL, PAPER, LINE = (22, 96, 136), (250, 250, 247), (255, 255, 255), (206, 92, 60)
SAMPLES = 4


def in_polygon(x, y, points):
    inside = False
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def rounded(x, y, left, top, right, bottom, radius):
    dx = max(left + radius - x, 0, x - right + radius)
    dy = max(top + radius - y, 0, y - bottom + radius)
    return left <= x <= right and top <= y <= bottom and dx * dx + dy * dy <= radius * radius


def color_at(x, y):
    """(r, g, b) of a place, None outside."""
    if not rounded(x, y, 1, 1, 63, 63, 13):
        return None
    # The depths of a chart, as bars on the sheet.
    for i, height in enumerate((9, 14, 7, 18)):
        if 22 + 5.5 * i <= x <= 25.5 + 5.5 * i and 35 - height <= y <= 35:
            return LINE
    if rounded(x, y, 17, 10, 47, 39, 2):
        return PAPER
    if in_polygon(x, y, [(7, 39), (57, 39), (48, 53), (16, 53)]):
        return HULL
    return SEA


def pixels(size):
    """Rows from the top of (r, g, b, a)."""
    rows = []
    for py in range(size):
        row = []
        for px in range(size):
            hits = [color_at((px + (i + 0.5) / SAMPLES) * 64 / size, (py + (k + 0.5) / SAMPLES) * 64 / size)
                    for i in range(SAMPLES) for k in range(SAMPLES)]
            seen = [h for h in hits if h]
            mean = [round(sum(c) / len(seen)) for c in zip(*seen)] if seen else [0, 0, 0]
            row.append((*mean, round(255 * len(seen) / len(hits))))
        rows.append(row)
    return rows


def png(rows):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    size = len(rows)
    raw = b''.join(b'\0' + bytes(v for p in row for v in p) for row in rows)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', size, size, 8, 6, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b''))


def bitmap(rows):
    size = len(rows)
    head = struct.pack('<IiiHHIIiiII', 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    colors = b''.join(bytes((b, g, r, a)) for row in reversed(rows) for r, g, b, a in row)
    mask = bytes((size + 31) // 32 * 4 * size)  # empty: the colours have their own transparency
    return head + colors + mask


def main():
    images = [png(pixels(size)) if size > 48 else bitmap(pixels(size)) for size in SIZES]
    out = struct.pack('<HHH', 0, 1, len(images))
    at = 6 + 16 * len(images)
    for size, data in zip(SIZES, images):
        out += struct.pack('<BBBBHHII', size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    with open(sys.argv[1], 'wb') as f:
        f.write(out + b''.join(images))


if __name__ == '__main__':
    main()
