#!/usr/bin/env python3
"""Holds what `chartferry convert --to canonical` made of a practice of practice-gen against the truth, field by field.

    check_practice.py TRUTH OUT [--dialect NAME] [--untyped] [--first N]

TRUTH is the folder truth/ of practice-gen, OUT one CSV per entity (entity.csv or NN_entity.csv) with source_key, src_table,
src_key and fields, exceptions.csv beside them or in the folder above; or the folder that convert was told to write to. Exits 1 on any difference that the truth
does not name. With --dialect, what truth/losses.csv names for that dump may be lost, and nothing else. With --untyped, values of
own columns and tables, whose types a dump does not tell, are compared by their meaning: True is 1, 3,05 is 3.05, days as days.

Where teeth and sites have no rows in the truth (practice-gen --lean), their counts, sums and digests are compared."""
import argparse
import collections
import csv
import datetime
import hashlib
import json
import os
import re
import sys
from decimal import Decimal, InvalidOperation

# What an exam's figures are made of: other than right where one of its teeth is lost.
FIGURES = {"sites_examined", "bleeding_sites", "bop_percent", "plaque_percent", "suppuration_percent", "pd4_percent", "pd5_percent",
           "pd6_percent", "mean_pd", "max_pd", "mean_cal"}
PADDING = "blanks at its end"
ALL_OR_NOTHING = "row may be left out"  # but if it is there, it is right
BAGS = {"custom_value", "custom_finding"}  # records without a key of their own
# Source columns of planted cases and losses: entity and fields (the fields that a change of the column can change).
FIELDS = {
    ("Patient", "LastName"): ("patient", ["last"]),
    ("Patient", "Suffix"): ("patient", ["suffix"]),
    ("Patient", "BirthDate"): ("patient", ["birth_date"]),
    ("Patient", "ChartNumber"): ("patient", ["chart_number"]),
    ("Patient", "HomePhone"): ("patient", ["phone_home"]),
    ("Patient", "Zip"): ("patient", ["postal_code"]),
    ("Patient", "State"): ("patient", ["state"]),
    ("Patient", "Street2"): ("patient", ["address_line2"]),
    ("Patient", "Email"): ("patient", ["email"]),
    ("Account", "Zip"): ("guarantor", ["postal_code"]),
    ("Provider", "NPI"): ("provider", ["npi"]),
    ("Provider", "Email"): ("provider", ["email"]),
    ("ClinicalExam", "AAPDiagnosis"): ("clinical_exam", ["aap_text"]),
    ("ClinicalExam", "AAPStage"): ("clinical_exam", ["aap_stage"]),
    ("ClinicalExam", "AAPGrade"): ("clinical_exam", ["aap_grade"]),
    ("ClinicalExam", "Notes"): ("clinical_exam", ["notes"]),
    ("ClinicalExam", "ToothNumberingSystem"): ("clinical_exam", ["numbering"]),
    ("PeriodontalCharting", "Mobility"): ("tooth_record", ["mobility"]),
    ("PeriodontalCharting", "MillerClass"): ("tooth_record", ["miller_recession"]),
    ("PeriodontalCharting", "PocketDepth_DB"): ("site_measure", ["pd"]),
    ("Hastalar", "TCKimlikNo"): ("patient", ["national_id"]),
    ("CustomFinding", "ToothNumber"): ("custom_finding", ["tooth"]),
    ("TreatmentPlan", "Status"): ("treatment_plan", ["status"]),
    ("TreatmentPlanLine", "ADACode"): ("plan_line", ["code"]),
    ("TreatmentPlanLine", "ToothSite"): ("plan_line", ["tooth", "tooth_raw", "site", "area"]),
    ("SOAPNotes", "NoteText"): ("clinical_note", ["body"]),
    ("SOAPNotes", "Subjective"): ("clinical_note", ["subjective"]),
    ("SOAPNotes", "Objective"): ("clinical_note", ["objective"]),
    ("SOAPNotes", "Assessment"): ("clinical_note", ["assessment"]),
    ("SOAPNotes", "Plan"): ("clinical_note", ["plan"]),
    ("Referral", "Reason"): ("referral", ["notes"]),
    ("Referral", "Notes"): ("referral", ["notes"]),
    ("Document", "Content"): ("document", ["mime_type", "size", "sha256"]),
    ("Document", "FileName"): ("document", ["file_name"]),
    ("Letter", "Body"): ("letter", []),
    ("LetterTemplate", "Body"): ("letter_template", []),
}


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        yield from csv.DictReader(f)


def find_entity(folder, name):
    for file in sorted(os.listdir(folder)):
        if re.fullmatch(r"(\d+_)?" + name + r"\.csv", file):
            return os.path.join(folder, file)
    return None


def bundle_in(folder):
    """The folder of the entities: as given, or the one inside what convert made (DIR/RUN/canonical)."""
    for at, _, _ in sorted(os.walk(folder)):
        if find_entity(at, "patient"):
            return at
    return folder


def same(truth, out):
    if truth == out:
        return True
    try:
        return Decimal(truth) == Decimal(out) and "." in truth + out
    except InvalidOperation:
        return False


MOMENTS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y",
           "%m/%d/%Y %I:%M:%S %p")


def meaning(text):
    """One text for all in which the programs of dumps write a value."""
    if text in ("True", "False"):
        return "1" if text == "True" else "0"
    if re.fullmatch(r"-?\d+[.,]\d+", text):
        return str(Decimal(text.replace(",", ".")).normalize() + 0)
    if re.match(r"\d{1,4}[-./]\d{1,2}[-./]\d", text):
        for form in MOMENTS:
            try:
                return datetime.datetime.strptime(text, form).isoformat()
            except ValueError:
                pass
    return text


class Report:
    """Differences by kind: counted all, shown the first few."""

    def __init__(self, first):
        self.first = first
        self.kinds = collections.OrderedDict()
        self.notes = collections.OrderedDict()

    def add(self, kind, text):
        shown = self.kinds.setdefault(kind, [0, []])
        shown[0] += 1
        if len(shown[1]) < self.first:
            shown[1].append(text)

    def note(self, text):
        self.notes[text] = self.notes.get(text, 0) + 1

    def total(self):
        return sum(n for n, _ in self.kinds.values())

    def print(self):
        for kind, (n, shown) in self.kinds.items():
            print("%s: %d" % (kind, n))
            for text in shown:
                print("    " + text)
        for text, n in self.notes.items():
            print("note: %s (%d)" % (text, n))


def shorten(value):
    return value if len(value) <= 60 else value[:57] + "... (%d)" % len(value)


class Losses:
    """What a dump has lost: (entity, key) -> fields; whole rows that may be missing."""

    def __init__(self, truth, dialect):
        self.fields = collections.defaultdict(set)
        self.rows = set()
        self.labels = set()
        self.padded = set()  # labels that are told without their blanks
        if not dialect:
            return
        for row in read_csv(os.path.join(truth, "losses.csv")):
            if row["dialect"] != dialect:
                continue
            label = (row["table"], row["column"]) == ("PeriodontalCharting", "ToothNumber")
            if label:
                (self.padded if row["loss"] == PADDING else self.labels).add(row["key"])
            if label or row["loss"] == PADDING:  # which no other field keeps
                continue
            place = FIELDS.get((row["table"], row["column"]))
            if not place:
                sys.exit("losses.csv names %s.%s, which this script does not know" % (row["table"], row["column"]))
            if row["loss"] == ALL_OR_NOTHING:
                self.rows.add((place[0], row["key"]))
                continue
            self.fields[place[0], row["key"]].update(place[1])
            if "line break" in row["loss"] or "cut" in row["loss"]:
                self.rows.add((place[0], row["key"]))

    def allows(self, entity, key, field):
        return field in self.fields.get((entity, key), ())

    def lost_teeth(self, truth):
        """Keys of the teeth whose label is lost; their exams. Where only blanks are lost, the label itself may differ."""
        lost, exams = set(), set()
        if self.labels or self.padded:
            for row in read_csv(os.path.join(truth, "tooth_record.csv")):
                place = row["exam"] + ":" + row["tooth_raw"]
                if place in self.labels:
                    lost.add(row["src_key"])
                    exams.add(row["exam"])
                elif place in self.padded:
                    self.fields["tooth_record", row["src_key"]].add("tooth_raw")
        return lost, exams


class Checker:
    def __init__(self, truth, out, losses, report, untyped=False):
        self.truth, self.out, self.losses, self.report, self.untyped = truth, out, losses, report, untyped
        self.organizations = {}  # key in OUT -> (kind, name)
        self.carriers = {}  # name in the truth -> key in OUT
        self.lost, self.poorer_exams = losses.lost_teeth(truth)
        self.or_empty = set()  # what may be left out as well
        for case in read_csv(os.path.join(truth, "cases.csv")):
            if case["outcome"] == "or_empty":
                entity, fields = FIELDS[case["table"], case["column"]]
                self.or_empty.update((entity, case["key"], f) for f in fields)
        # An exam whose teeth cannot be read may be left out as a whole: then nothing refers to it.
        unreadable = {c["key"] for c in read_csv(os.path.join(truth, "cases.csv"))
                      if c["table"] == "ClinicalExam" and c["outcome"] == "rejected"}
        path = find_entity(out, "clinical_exam")
        self.left_exams = unreadable - {row["src_key"] for row in read_csv(path)} if path else set()
        path = find_entity(out, "organization")
        for row in read_csv(path) if path else ():
            self.organizations[row["src_key"]] = (row.get("kind", ""), row.get("name", ""))

    def without_left_exams(self, entity, rows):
        """The truth's rows as they are where some exams were left out."""
        for row in rows:
            if entity == "clinical_exam" and row["src_key"] in self.left_exams:
                continue
            if entity == "custom_value" and row["entity"] == "clinical_exam" and row["record"] in self.left_exams:
                continue
            if row.get("exam") in self.left_exams:
                if entity == "custom_finding":
                    continue
                row["exam"] = ""
            yield row

    def same_derived(self, truth, out):
        kind, name = truth[1:].split(":", 1)
        got = self.organizations.get(out)
        if not got or got[0] != kind:
            return False
        if kind != "carrier":
            return got[1] == name
        # What a carrier's normal name is, the program decides; but each has one, and no two have the same.
        known = self.carriers.setdefault(name, out)
        return known == out and list(self.carriers.values()).count(out) == 1

    def same_value(self, truth, out):
        if truth.startswith("@"):
            return self.same_derived(truth, out)
        return same(truth, out)

    def lost_tooth(self, entity, key):
        if entity == "tooth_record":
            return key in self.lost
        return entity == "site_measure" and key.rsplit(":", 1)[0] in self.lost

    def compare_records(self, entity, fields, truth, out):
        for key, want in truth.items():
            got = out.pop(key, None)
            if got is None:
                if (entity, key) not in self.losses.rows and not self.lost_tooth(entity, key):
                    self.report.add(entity + ": missing", "key %s" % key)
                continue
            for field in fields:
                if self.same_value(want[field], got[field]) or self.losses.allows(entity, key, field):
                    continue
                if entity == "clinical_exam" and field in FIGURES and key in self.poorer_exams:
                    continue
                if self.lost_tooth(entity, key) or (not got[field] and (entity, key, field) in self.or_empty):
                    continue
                self.report.add("%s.%s: differs" % (entity, field),
                                "key %s: %r, right is %r" % (key, shorten(got[field]), shorten(want[field])))
        for key, got in out.items():
            if entity == "provider" and got.get("is_internal") == "0":
                self.report.note("providers of other practices, which the truth does not list")
            elif entity == "document" and "letter" in got.get("src_table", "").lower():
                self.report.note("letters as documents, which the truth does not list")
            else:
                self.report.add(entity + ": too much", "key %s" % key)

    def compare_bag(self, entity, fields, truth, out):
        """Own columns and tables must be there; other columns that no field takes may be carried as well."""
        means = meaning if self.untyped else str
        want = collections.Counter(tuple(means(r[f]) for f in fields) for r in truth)
        names = {r["name"] for r in truth}
        got, poorer = collections.Counter(), []
        for row in out:
            if self.losses.fields.get((entity, row["src_key"])):
                poorer.append((row, self.losses.fields[entity, row["src_key"]]))
            elif entity == "custom_value" and row["name"] not in names:
                self.report.note("custom_value %s" % row["name"])
            else:
                got[tuple(means(row[f]) for f in fields)] += 1
        missing = want - got
        for row, lost in poorer:  # one of the truth that is the same in all that the dump kept
            right = [r for r in missing if missing[r] and all(f in lost or v == means(row[f]) for f, v in zip(fields, r))]
            if not right:
                self.report.add(entity + ": too much", "key %s, poorer by %s" % (row["src_key"], ", ".join(sorted(lost))))
            else:
                missing[right[0]] -= 1
        for record, n in (+missing).items():
            if not any(part in self.lost for part in record):
                self.report.add(entity + ": missing", "%s (%d)" % (shorten(repr(record)), n))
        for record, n in (got - want).items():
            self.report.add(entity + ": too much", "%s (%d)" % (shorten(repr(record)), n))

    def compare_carriers(self, truth, out, fields):
        """Organizations made of values: employers by name, carriers by how many there are and their payer ids."""
        wanted = {k: r for k, r in truth.items() if k.startswith("@")}
        for key in wanted:
            del truth[key]
        derived = {k: r for k, r in out.items() if r["kind"] in ("employer", "carrier")}
        groups = {r["parent"] for r in derived.values() if not derived.get(r["parent"], {"payer_id": "x"})["payer_id"]}
        for key in derived:
            del out[key]
        for key in groups:
            del derived[key]  # that insurers of one state belong to a group is not in the source
        for kind, field in (("employer", "name"), ("carrier", "payer_id")):
            want = sorted(r[field] for r in wanted.values() if r["kind"] == kind)
            got = sorted(r[field] for r in derived.values() if r["kind"] == kind)
            if want != got:
                self.report.add("organization: %ss" % kind, "%s, right is %s" % (got, want))

    def entity(self, name, about):
        path = find_entity(self.out, name)
        if not path:
            if about["count"]:
                self.report.add(name + ": no file", "%d records are right" % about["count"])
            return
        with open(path, encoding="utf-8-sig", newline="") as f:
            header = next(csv.reader(f), [])
        absent = [c for c in ["src_key"] + about["fields"] if c not in header]
        if absent:
            self.report.add(name + ": no column", ", ".join(absent))
            return
        rows = os.path.join(self.truth, name + ".csv")
        if not os.path.exists(rows):
            self.by_digest(name, about, path)
            return
        if name in BAGS:
            self.compare_bag(name, about["fields"], list(self.without_left_exams(name, read_csv(rows))),
                             read_csv(path))
            return
        truth = {r["src_key"]: r for r in self.without_left_exams(name, read_csv(rows))}
        out = {}
        for row in read_csv(path):
            if row["src_key"] in out:
                self.report.add(name + ": twice", "key %s" % row["src_key"])
            out[row["src_key"]] = row
        if name == "organization":
            self.compare_carriers(truth, out, about["fields"])
        self.compare_records(name, about["fields"], truth, out)

    def by_digest(self, name, about, path):
        count, total, sums = 0, 0, collections.defaultdict(Decimal)
        for row in read_csv(path):
            count += 1
            text = "\x1f".join([row["src_key"]] + [row[f] for f in about["fields"]])
            total += int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            for field in about["sums"]:
                sums[field] += Decimal(row[field] or 0)
        if count != about["count"]:
            self.report.add(name + ": count", "%d, right is %d" % (count, about["count"]))
        for field, right in about["sums"].items():
            if sums[field] != Decimal(right):
                self.report.add("%s.%s: sum" % (name, field), "%s, right is %s" % (sums[field], right))
        if "%016x" % (total % 2**64) != about["digest"]:
            self.report.add(name + ": digest", "%016x, right is %s" % (total % 2**64, about["digest"]))

    def held_back(self):
        """Each planted value that must be held back is in the list of exceptions; of those of charts, whose rows have keys of
        their own, as many as were planted."""
        listed, codes = set(), collections.Counter()
        for folder in (self.out, os.path.dirname(os.path.abspath(self.out))):
            path = os.path.join(folder, "exceptions.csv")
            for r in read_csv(path) if os.path.exists(path) else ():
                listed.add((r["entity"], r["src_key"], r["field"]))
                codes[r["code"]] += 1
        charts = collections.Counter()
        for case in read_csv(os.path.join(self.truth, "cases.csv")):
            if case["outcome"] != "held_back":
                continue
            entity, fields = FIELDS[case["table"], case["column"]]
            if case["table"] == "PeriodontalCharting":
                charts[case["code"]] += 1
            elif not self.losses.allows(entity, case["key"], fields[0]) and (entity, case["key"], fields[0]) not in listed:
                self.report.add("held back: not listed", "case %s: %s %s %s" % (case["case"], entity, case["key"], fields[0]))
        for code, n in charts.items():
            if codes[code] != n:
                self.report.add("held back: of charts", "%s: %d are listed, %d right" % (code, codes[code], n))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("truth")
    p.add_argument("out")
    p.add_argument("--dialect", choices=["bcp-c", "bcp-w", "sqlcmd", "powershell", "excel"])
    p.add_argument("--untyped", action="store_true", help="values of own columns by their meaning")
    p.add_argument("--first", type=int, default=3, help="differences shown of each kind (3)")
    a = p.parse_args()
    csv.field_size_limit(1 << 26)
    with open(os.path.join(a.truth, "digests.json"), encoding="utf-8") as f:
        entities = json.load(f)
    report = Report(a.first)
    checker = Checker(a.truth, bundle_in(a.out), Losses(a.truth, a.dialect), report, a.untyped)
    for name, about in entities.items():
        checker.entity(name, about)
    checker.held_back()
    report.print()
    print("%d differences" % report.total() if report.total() else "equal to the truth")
    return 1 if report.total() else 0


if __name__ == "__main__":
    sys.exit(main())
