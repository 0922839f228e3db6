"""The truth of charts, worked out once more from the source's rows by other means (practice without hard cases)."""
import csv
import os
from decimal import ROUND_HALF_UP, Decimal

SITES = ["MB", "B", "DB", "ML", "L", "DL"]
UNIVERSAL = [18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28,
             38, 37, 36, 35, 34, 33, 32, 31, 41, 42, 43, 44, 45, 46, 47, 48]
PALMER = {"UR": 10, "UL": 20, "LL": 30, "LR": 40}


def read(folder, *path):
    with open(os.path.join(folder, *path), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def fdi_of(label, system):
    if system == "FDI":
        return int(label)
    if system == "Palmer":
        return PALMER[label[:2]] + int(label[2:])
    return UNIVERSAL[int(label) - 1]


def rounded(part, whole, digits):
    """Half away from zero, as text."""
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def scores_of(rows):
    """Of the rows of one exam, teeth that are there and no implants."""
    pd, cal, bled, plaque, supp = [], [], 0, [], []
    for r in rows:
        if r["ToothStatus"] != "Present":
            continue
        for s in SITES:
            depth, margin = r["PocketDepth_" + s], r["Recession_" + s]
            if depth:
                pd.append(int(depth))
            if depth and margin:
                cal.append(int(depth) + int(margin))
            bled += r["BOP_" + s] == "1"
            plaque += [r["Plaque_" + s]] if r["Plaque_" + s] else []
            supp += [r["Supp_" + s]] if r["Supp_" + s] else []
    n = len(pd)
    out = {"sites_examined": str(n)}
    if n:
        out.update(bleeding_sites=str(bled), bop_percent=rounded(100 * bled, n, 1), mean_pd=rounded(sum(pd), n, 2),
                   max_pd=str(max(pd)), suppuration_percent=rounded(100 * supp.count("1"), n, 1))
        for limit in (4, 5, 6):
            out["pd%d_percent" % limit] = rounded(100 * sum(d >= limit for d in pd), n, 1)
    if plaque:
        out["plaque_percent"] = rounded(100 * plaque.count("1"), n, 1)
    if cal:
        out["mean_cal"] = rounded(sum(cal), len(cal), 2)
    return out


def check_charts(folder):
    """What is wrong, as a list of sentences."""
    wrong = []
    exams = {r["ExamID"]: r for r in read(folder, "csv-extract", "dbo.ClinicalExam.csv")}
    rows, sites, teeth = {}, {}, set()
    for r in read(folder, "csv-extract", "dbo.PeriodontalCharting.csv"):
        rows.setdefault(r["ExamID"], []).append(r)
        tooth = "%s:%d" % (r["ExamID"], fdi_of(r["ToothNumber"], exams[r["ExamID"]]["ToothNumberingSystem"]))
        teeth.add((tooth, r["ToothNumber"], r["ToothStatus"].lower()))
        for s in SITES:
            values = [r[m + "_" + s] for m in ("PocketDepth", "Recession", "CAL", "BOP", "Supp", "Plaque")]
            if any(values):
                cal = str(int(values[0]) + int(values[1])) if values[0] and values[1] else ""
                sites[tooth + ":" + s] = values[:2] + [cal] + values[2:]
    truth = {r["src_key"]: [r[f] for f in ("pd", "recession", "cal", "cal_source", "bop", "suppuration", "plaque")]
             for r in read(folder, "truth", "site_measure.csv")}
    if truth != sites:
        wrong.append("site_measure differs")
    if teeth != {(r["src_key"], r["tooth_raw"], r["status"]) for r in read(folder, "truth", "tooth_record.csv")}:
        wrong.append("tooth_record differs")
    for exam in read(folder, "truth", "clinical_exam.csv"):
        for field, value in scores_of(rows[exam["src_key"]]).items():
            if exam[field] != value:
                wrong.append("exam %s: %s is %s, not %s" % (exam["src_key"], field, value, exam[field]))
    return wrong
