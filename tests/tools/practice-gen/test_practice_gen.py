"""practice-gen: the same seed gives the same bytes; the backup says what the practice's own rows say; a Python of its own
recomputes the digests and reads the dumps. Run by CTest."""
import argparse
import csv
import filecmp
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chart_truth  # noqa: E402


def check(ok, what):
    if not ok:
        sys.exit("FAILED: " + what)


def tree(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def check_same(one, two):
    check(tree(one) == tree(two), "the same files")
    for name in tree(one):
        check(filecmp.cmp(os.path.join(one, name), os.path.join(two, name), shallow=False), "the same bytes: " + name)


def digest(entity, rows):
    """Sum, modulo 2^64, of the first 8 bytes of SHA-256 over key and fields with 0x1F between them."""
    total = 0
    for row in rows:
        text = "\x1f".join([row["src_key"]] + [row[f] for f in entity["fields"]])
        total += int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return "%016x" % (total % 2**64)


def check_digests(folder):
    with open(os.path.join(folder, "truth", "digests.json"), encoding="utf-8") as f:
        entities = json.load(f)
    for name, entity in entities.items():
        with open(os.path.join(folder, "truth", name + ".csv"), encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
        check(len(rows) == entity["count"], name + ": count")
        check(digest(entity, rows) == entity["digest"], name + ": digest")
        for field, total in entity["sums"].items():
            check(sum(Decimal(r[field]) for r in rows if r[field]) == Decimal(total), "%s.%s: sum" % (name, field))
    return entities


def check_turkish(folder):
    """Both encodings say the same; days, money and letters are Turkish."""
    entities = check_digests(folder)
    check(entities["patient"]["count"] == 30 and entities["billing_line"]["count"] > 100, "dentes: records")
    for name in os.listdir(os.path.join(folder, "csv-dentes-utf8")):
        wide = rows_of(os.path.join(folder, "csv-dentes-utf8", name), "utf-8-sig", ";", 0, False)
        narrow = rows_of(os.path.join(folder, "csv-dentes-1254", name), "cp1254", ";", 0, False)
        check(wide == narrow, "dentes: " + name)
        check(all(len(r) == len(wide[0]) for r in wide), "dentes: columns of " + name)
        if name == "Tedavi.csv":
            check(any(r[8] == "1.250,00" for r in wide) and any("\u015f" in r[7] for r in wide), "dentes: money and letters")


def check_backup(chartferry, folder, room):
    for file in ("practice.bak", "practice.mdf"):
        out = os.path.join(room, "out_" + file)
        subprocess.run([chartferry, "extract", os.path.join(folder, file), "--out", out], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        own = os.path.join(folder, "csv-extract")
        names = [n for n in os.listdir(out) if not n.startswith("_")]
        check(sorted(names) == sorted(os.listdir(own)), file + ": tables")
        for name in names:
            check(filecmp.cmp(os.path.join(out, name), os.path.join(own, name), shallow=False), file + ": " + name)


DIALECTS = {  # encoding, delimiter, lines above the names, names
    "ssms": ("utf-8-sig", ",", 0, True),
    "wizard": ("utf-8", ",", 0, True),
    "powershell": ("utf-8-sig", ",", 1, True),
    "excel": ("cp1254", ";", 0, True),
}


MONEY = re.compile(r"(\.\d\d)00$")


def in_extract(value):
    """A value of Management Studio as extract writes it."""
    return "" if value == "NULL" else value.lower() if value.startswith("0x") else value


def rows_of(path, encoding, delimiter, skip, names):
    with open(path, encoding=encoding, newline="") as f:
        rows = list(csv.reader(f, delimiter=delimiter))
    return rows[skip + names:]


def check_dialects(folder):
    """Every dump that Python's csv module reads has the rows of the practice, value for value where nothing is lost."""
    for file in sorted(os.listdir(os.path.join(folder, "csv-extract"))):
        table = file[len("dbo."):-len(".csv")]
        right = rows_of(os.path.join(folder, "csv-extract", file), "utf-8", ",", 0, True)
        for dialect, form in DIALECTS.items():
            got = rows_of(os.path.join(folder, "csv-" + dialect, table + ".csv"), *form)
            check(len(got) == len(right), "%s: rows of %s" % (dialect, table))
            check([r[0] for r in got] == [r[0] for r in right], "%s: keys of %s" % (dialect, table))
            check(all(len(a) == len(b) for a, b in zip(got, right)), "%s: columns of %s" % (dialect, table))
            if dialect == "ssms":
                for a, b in zip(got, right):
                    check([in_extract(x) for x in a] == [MONEY.sub(r"\1", x) for x in b], "ssms: %s" % table)
    for name in ("bcp-c", "bcp-w"):
        path = os.path.join(folder, "csv-" + name, "Patient.txt")
        with open(path, encoding="utf-8" if name == "bcp-c" else "utf-16", newline="") as f:
            lines = f.read().split("\r\n")
        patients = rows_of(os.path.join(folder, "csv-extract", "dbo.Patient.csv"), "utf-8", ",", 0, True)
        check(lines.pop() == "" and [x.split("\t")[0] for x in lines] == [r[0] for r in patients], name)
        check(any("\0" in x for x in lines), name + ": empty texts")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--practice-gen", required=True)
    p.add_argument("--chartferry", required=True)
    a = p.parse_args()
    csv.field_size_limit(1 << 24)
    room = tempfile.mkdtemp(prefix="practice-gen-")
    try:
        for name in ("one", "two"):
            subprocess.run([a.practice_gen, "--seed", "7", "--patients", "60", "--out", os.path.join(room, name)], check=True)
        one, two = os.path.join(room, "one"), os.path.join(room, "two")
        check_same(one, two)
        check(check_digests(one)["site_measure"]["count"] > 1000, "sites")
        check_dialects(one)
        clean = os.path.join(room, "clean")
        subprocess.run([a.practice_gen, "--seed", "9", "--patients", "20", "--hard", "0", "--out", clean], check=True)
        wrong = chart_truth.check_charts(clean)
        check(not wrong, "truth of charts: %s" % wrong[:5])
        turkish = os.path.join(room, "turkish")
        again = os.path.join(room, "again")
        for out in (turkish, again):
            subprocess.run([a.practice_gen, "--system", "dentes", "--patients", "30", "--out", out], check=True)
        check_same(turkish, again)
        check_turkish(turkish)
        check_backup(a.chartferry, one, room)
    finally:
        shutil.rmtree(room)


if __name__ == "__main__":
    main()
