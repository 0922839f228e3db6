"""Makes a practice and converts it from each of its forms: backup, data file, dumps that lose nothing, dumps that do. Each
bundle is held against the truth (check_practice.py). Says of each whether it is equal; exits 1 if one is not.

    run_practice.py --practice-gen FILE --chartferry FILE [--patients N] [--seed N] [--hard P] [--keep FOLDER] [FORM ...]"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = {  # what convert is given, and the dialect whose losses are allowed
    "bak": ("practice.bak", None),
    "mdf": ("practice.mdf", None),
    "extract": ("csv-extract", None),
    "ssms": ("csv-ssms", None),
    "wizard": ("csv-wizard", None),
    "bcp-c": ("csv-bcp-c", "bcp-c"),
    "bcp-w": ("csv-bcp-w", "bcp-w"),
    "sqlcmd": ("csv-sqlcmd", "sqlcmd"),
    "powershell": ("csv-powershell", "powershell"),
    "excel": ("csv-excel", "excel"),
}
TYPED = {"bak", "mdf", "extract"}  # which say the types of their columns, or write them as the truth does


def run_form(a, made, form, out):
    source, dialect = FORMS[form]
    log = out + ".log"
    with open(log, "w", encoding="utf-8") as f:
        code = subprocess.run([a.chartferry, "convert", os.path.join(made, source), "--to", "canonical", "--option", "national_id=yes",
                           "--out", out],
                              stdout=f, stderr=subprocess.STDOUT).returncode
    # 3: done, and something was left out or held back, as hard cases must be.
    if code not in (0, 3):
        print("%s: convert ended with %d" % (form, code))
        with open(log, encoding="utf-8") as f:
            print("    " + "    ".join(f.readlines()[-12:]))
        return False
    more = ["--dialect", dialect] if dialect else []
    if form not in TYPED:
        more.append("--untyped")
    done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "check_practice.py"),
                           os.path.join(made, "truth"), out] + more, stdout=subprocess.PIPE, text=True)
    print("%s: %s" % (form, done.stdout.strip().replace("\n", "\n    ")))
    return done.returncode == 0


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--practice-gen", required=True)
    p.add_argument("--chartferry", required=True)
    p.add_argument("--patients", default="40")
    p.add_argument("--seed", default="11")
    p.add_argument("--hard", default="3")
    p.add_argument("--keep", help="folder to work in, which stays")
    p.add_argument("form", nargs="*", choices=[[]] + list(FORMS))
    a = p.parse_args()
    room = a.keep or tempfile.mkdtemp(prefix="practice-")
    made = os.path.join(room, "practice")
    try:
        subprocess.run([a.practice_gen, "--seed", a.seed, "--patients", a.patients, "--hard", a.hard, "--out", made], check=True)
        right = [run_form(a, made, form, os.path.join(room, "out-" + form)) for form in a.form or FORMS]
    finally:
        if not a.keep:
            shutil.rmtree(room, ignore_errors=True)
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
