"""Charts as words for make_chart: what check_drawing.py draws and people look at. Everything comes from a case's own seed."""
import random

SITES = ('MB', 'B', 'DB', 'ML', 'L', 'DL')
PERMANENT = [q * 10 + p for q in (1, 2, 3, 4) for p in range(1, 9)]
PRIMARY = [q * 10 + p for q in (5, 6, 7, 8) for p in range(1, 6)]


class Tooth:
    def __init__(self, fdi, extra=False, status='present', mobility=None, conflict=False, furcation=(None,) * 4):
        self.fdi, self.extra, self.status, self.mobility, self.conflict = fdi, extra, status, mobility, conflict
        self.furcation, self.sites = furcation, {}

    def site(self, name, pd=None, rec=None, bop=None, pus=None, plaque=None, calculus=None):
        """Depth and recession in tenths of mm."""
        self.sites[name] = (pd, rec, bop, pus, plaque, calculus)
        return self


class Exam:
    def __init__(self, key, day, system='universal', provider='Dr. Şahin Özgür, DDS', diagnosis=None, teeth=()):
        self.key, self.day, self.system, self.provider, self.diagnosis, self.teeth = key, day, system, provider, diagnosis, list(teeth)


def word(x):
    return '.' if x is None or x == '' else str(int(x)) if isinstance(x, bool) else str(x).replace(' ', '_')


def words(exams, patient=('PP-PAT-1042', None, '1961')):
    """The exams from the latest to the earliest."""
    lines = ['patient ' + ' '.join(map(word, patient))]
    for e in exams:
        lines.append('exam ' + ' '.join(map(word, (e.key, e.day, e.system, e.provider, e.diagnosis))))
        for t in e.teeth:
            lines.append('tooth ' + ' '.join(map(word, (t.fdi, t.extra, t.status, t.mobility, t.conflict, *t.furcation))))
            lines += ['site ' + ' '.join(map(word, (name, *values))) for name, values in t.sites.items()]
    return '\n'.join(lines) + '\n'


def fill(tooth, chance, deep=0.0, margin=(0, 0, 0, 1), marks=True, half=False):
    for name in SITES:
        pd = chance.choice((1, 2, 2, 3, 3)) if chance.random() > deep else chance.choice((4, 5, 5, 6, 7, 8, 10))
        pd = pd * 10 + (5 if half and chance.random() < 0.3 else 0)
        rec = chance.choice(margin) * 10
        told = (chance.random() < 0.1 + deep, chance.random() < deep / 6, chance.random() < 0.15 + deep / 2, chance.random() < deep / 3)
        tooth.site(name, pd, rec, *(told if marks else (None,) * 4))
    return tooth


def healthy():
    chance = random.Random(1)
    return [Exam('PP-EXM-1', '2024-05-31', diagnosis='Periodontal health', teeth=[fill(Tooth(f), chance) for f in PERMANENT])]


def disease():
    chance, teeth = random.Random(2), []
    for f in PERMANENT:
        if f in (18, 28, 36):
            teeth.append(Tooth(f, status='missing'))
            continue
        molar, upper = f % 10 >= 6, f < 30
        furcation = (None,) * 4
        if molar and upper: furcation = (chance.randint(0, 3), chance.randint(0, 3), chance.randint(1, 4), None)
        if molar and not upper: furcation = (chance.randint(0, 3), None, None, chance.randint(1, 3))
        t = Tooth(f, mobility=chance.choice((None, 0, 10, 15, 20)), furcation=furcation)
        teeth.append(fill(t, chance, 0.6, (-2, -1, 0, 1, 2, 3, 4), half=True))
    return [Exam('PP-EXM-2', '2024-05-31', diagnosis='Stage III, Grade B, generalized', teeth=teeth)]


def implants():
    chance, teeth = random.Random(3), []
    for f in PERMANENT:
        if f in (18, 17, 28, 38, 48, 37, 45):
            teeth.append(Tooth(f, status='missing'))
        elif f in (14, 15, 24, 36, 46):
            teeth.append(fill(Tooth(f, status='implant', mobility=0 if f == 36 else None), chance, 0.3, (0, 1, 2)))
        elif f in (22, 35):
            teeth.append(Tooth(f, status='pontic'))
        elif f == 47:
            teeth.append(fill(Tooth(f, status='missing', conflict=True), chance, 0.5))
        else:
            teeth.append(fill(Tooth(f), chance, 0.15, (0, 0, 1, 2)))
    return [Exam('PP-EXM-3', '2023-11-02', 'fdi', teeth=teeth)]


def mixed():
    chance = random.Random(4)
    teeth = [fill(Tooth(f), chance, marks=False) for f in (16, 26, 36, 46, 11, 21, 31, 41, 32, 42)]
    teeth += [Tooth(f, status='unerupted') for f in (13, 14, 23, 24)]
    teeth += [fill(Tooth(f, status='primary'), chance, marks=False) for f in (53, 54, 55, 63, 64, 65, 73, 74, 75, 83, 84, 85)]
    return [Exam('PP-EXM-4', '2022-01-15', 'universal', teeth=teeth)]


def primary():
    chance = random.Random(5)
    return [Exam('PP-EXM-5', '2021-09-01', 'palmer', teeth=[fill(Tooth(f, status='primary'), chance) for f in PRIMARY])]


def supernumerary():
    chance = random.Random(6)
    teeth = [fill(Tooth(f), chance) for f in PERMANENT]
    teeth += [fill(Tooth(11, True), chance, 0.5), fill(Tooth(18, True), chance, 0.5), fill(Tooth(35, True), chance, 0.5), fill(Tooth(99, True), chance)]
    return [Exam('PP-EXM-6', '2024-02-29', teeth=teeth)]


def partial():
    teeth = [Tooth(16).site('MB', 60, None, True).site('B', 0, 0, False).site('DB', None, 30),
             Tooth(17).site('B', 125, 25, True, True), Tooth(25, status=None, mobility=10), Tooth(24).site('L', 30, -20).site('ML', None, None, True)]
    teeth += [Tooth(f).site('MB', 30, None).site('B', 50, None).site('DB', 40, None) for f in (31, 32, 41)]
    return [Exam('PP-EXM-7', '2020-03-01', teeth=teeth, provider=None)]


def five():
    exams = []
    for n, day in enumerate(('2024-05-31', '2023-05-30', '2022-05-29', '2021-05-28', '2020-05-27')):
        chance = random.Random(7)
        teeth = []
        for f in PERMANENT:
            t = fill(Tooth(f, status='missing' if f in (18, 38) and n < 2 else 'present'), chance, 0.25, (0, 0, 1, 2))
            if t.status == 'missing': t.sites = {}
            change = random.Random(100 * n + f)
            for name, (pd, rec, *marks) in list(t.sites.items()):
                pd = max(0, pd + change.choice((0, 0, 0, 10, 20, 30, -10)))
                t.sites[name] = (None if change.random() < 0.02 else pd, rec, *marks)
            teeth.append(t)
        exams.append(Exam('PP-EXM-%d' % (20 - n), day, diagnosis='Stage II, Grade B, localized' if n else 'Stage III, Grade B, generalized', teeth=teeth))
    return exams


CASES = {f.__name__: f for f in (healthy, disease, implants, mixed, primary, supernumerary, partial, five)}
