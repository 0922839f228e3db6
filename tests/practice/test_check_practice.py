"""check_practice.py sees what it must see: a folder made of the truth itself passes, and each kind of damage to it fails.
Run by CTest."""
import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import check_practice  # noqa: E402


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def write(path, rows, header=None):
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.DictWriter(f, header or list(rows[0]))
        w.writeheader()
        w.writerows(rows)


def key_of(value):
    """What a program might call an organization that the truth names by its kind and name."""
    return "X" + value[1:] if value.startswith("@") else value


def make_output(truth, out):
    """What a right conversion would leave: the truth in the form of a bundle."""
    os.mkdir(out)
    number = 0
    for file in sorted(os.listdir(truth)):
        name = file[:-4]
        if not file.endswith(".csv") or name in ("cases", "losses", "columns"):
            continue
        rows = read(os.path.join(truth, file))
        number += 1
        for i, row in enumerate(rows):
            row.update({k: key_of(v) for k, v in row.items()})
            if name in check_practice.BAGS:
                row["src_key"] = str(i)
        if rows:
            header = ["source_key", "src_table"] + list(rows[0])
            for row in rows:
                row.update(source_key="PP-" + row["src_key"], src_table="dbo.Any")
            write(os.path.join(out, "%02d_%s.csv" % (number, name)), rows, header)
    held = [c for c in read(os.path.join(truth, "cases.csv")) if c["outcome"] == "held_back"]
    listed = []
    for case in held:
        entity, fields = check_practice.FIELDS[case["table"], case["column"]]
        listed.append({"entity": entity, "src_table": "", "src_key": case["key"], "field": fields[0], "code": case["code"]})
    write(os.path.join(out, "exceptions.csv"), listed)


def path_of(out, name):
    return check_practice.find_entity(out, name)


def edit(name, change):
    def damage(out):
        rows = read(path_of(out, name))
        header = list(rows[0])
        change(rows)
        write(path_of(out, name), rows, header)
    return damage


def put(field, value, where=lambda r: True):
    def change(rows):
        next(r for r in rows if where(r) and r[field] != value)[field] = value
    return change


def drop_column(rows):
    for r in rows:
        del r["city"]


def without_city(out):
    rows = read(path_of(out, "patient"))
    drop_column(rows)
    write(path_of(out, "patient"), rows)


def merge_carriers(rows):
    carriers = sorted({r["carrier"] for r in rows})
    for r in rows:
        if r["carrier"] == carriers[1]:
            r["carrier"] = carriers[0]


def without(code):
    """The list of exceptions without one of that code."""
    def damage(out):
        path = os.path.join(out, "exceptions.csv")
        rows = read(path)
        rows.remove(next(r for r in rows if r["code"] == code))
        write(path, rows)
    return damage


DAMAGE = [
    ("patient.birth_date: differs", edit("patient", put("birth_date", "1900-01-01"))),
    ("patient: missing", edit("patient", lambda rows: rows.pop())),
    ("patient: too much", edit("patient", lambda rows: rows.append(dict(rows[0], src_key="77")))),
    ("patient: twice", edit("patient", lambda rows: rows.append(dict(rows[0])))),
    ("patient: no column", without_city),
    ("site_measure.pd: differs", edit("site_measure", put("pd", "0"))),
    ("site_measure.recession: differs", edit("site_measure", put("recession", "-9"))),
    ("tooth_record.fdi: differs", edit("tooth_record", put("fdi", "99"))),
    ("clinical_exam.bop_percent: differs", edit("clinical_exam", put("bop_percent", "100.0"))),
    ("clinical_note.body: differs", edit("clinical_note", put("body", "cut", lambda r: r["body"]))),
    ("document.sha256: differs", edit("document", put("sha256", "00", lambda r: r["sha256"]))),
    ("custom_value: missing", edit("custom_value", lambda rows: rows.pop())),
    ("custom_finding: too much", edit("custom_finding", lambda rows: rows.append(dict(rows[0])))),
    ("patient.employer: differs", edit("patient", put("employer", "Xemployer:Nobody", lambda r: r["employer"]))),
    ("insurance_policy.carrier: differs", edit("insurance_policy", merge_carriers)),
    ("organization: carriers", edit("organization", lambda rows: rows.pop())),
    ("appointment: no file", lambda out: os.remove(path_of(out, "appointment"))),
    ("held back: not listed", without("NRM-914")),
    ("held back: of charts", without("CHT-1030")),
]


def run(truth, out, *more):
    done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "check_practice.py"), truth, out, *more],
                          stdout=subprocess.PIPE, text=True)
    return done.returncode, done.stdout


def check(ok, what):
    if not ok:
        sys.exit("FAILED: " + what)


def check_losses(truth, out):
    """What a dump has lost passes for that dump alone."""
    loss = next(r for r in read(os.path.join(truth, "losses.csv")) if r["dialect"] == "sqlcmd" and r["column"] == "NoteText")
    edit("clinical_note", put("body", "cut", lambda r: r["src_key"] == loss["key"]))(out)
    check(run(truth, out, "--dialect", "sqlcmd")[0] == 0, "a loss that is named")
    check(run(truth, out)[0] == 1, "a loss where nothing may be lost")


def check_meaning(truth, right, room):
    """Values without a type are equal by what they mean, where it is asked for, and by nothing less."""
    for text, right_text in (("True", "1"), ("False", "0"), ("3,05", "3.05"), ("3.0500", "3.05"), ("05.03.2021 09:30", "2021-03-05 09:30:00"),
                             ("3/5/2021 12:05:00 AM", "2021-03-05 00:05:00.000")):
        check(check_practice.meaning(text) == check_practice.meaning(right_text), "%s is %s" % (text, right_text))
    for text, other in (("True", "0"), ("3,05", "3.5"), ("06", "6"), ("05.03.2021 00:00", "2021-05-03")):
        check(check_practice.meaning(text) != check_practice.meaning(other), "%s is not %s" % (text, other))
    out = os.path.join(room, "untyped")
    shutil.copytree(right, out)
    edit("custom_value", lambda rows: next(r for r in rows if r["value"] == "1").update(value="True"))(out)
    check(run(truth, out)[0] == 1, "True where 1 is right")
    code, text = run(truth, out, "--untyped")
    check(code == 0, "True is 1:\n" + text)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--practice-gen", required=True)
    a = p.parse_args()
    csv.field_size_limit(1 << 26)
    room = tempfile.mkdtemp(prefix="check-practice-")
    try:
        made = os.path.join(room, "made")
        subprocess.run([a.practice_gen, "--seed", "3", "--patients", "10", "--hard", "10", "--out", made], check=True)
        truth, right = os.path.join(made, "truth"), os.path.join(room, "right")
        make_output(truth, right)
        code, text = run(truth, right)
        check(code == 0, "the truth itself:\n" + text)
        for i, (kind, damage) in enumerate(DAMAGE):
            out = os.path.join(room, "out%d" % i)
            shutil.copytree(right, out)
            damage(out)
            code, text = run(truth, out)
            check(code == 1 and kind in text, "%s:\n%s" % (kind, text))
        check_meaning(truth, right, room)
        lossy = os.path.join(room, "lossy")
        shutil.copytree(right, lossy)
        check_losses(truth, lossy)
    finally:
        shutil.rmtree(room)


if __name__ == "__main__":
    main()
