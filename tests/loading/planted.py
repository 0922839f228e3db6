"""What befalls an invented practice between two backups: patients, exams with their teeth, notes, plans, visits added, changed, deleted,
moved to another patient, and two patients who are one: merged in the old system, and by decision. Edits for practice-gen --edits, and what
each of them is about, by key in the source."""
import csv


class Practice:
    """The rows of a practice as its first backup has them."""

    def __init__(self, made):
        self.made, self.edits = made, []
        self.added, self.changed, self.deleted, self.moved = set(), set(), set(), set()
        self.tables = {}

    def rows(self, table):
        if table not in self.tables:
            with open(self.made / 'csv-extract' / ('dbo.%s.csv' % table), encoding='utf-8', newline='') as f:
                self.tables[table] = list(csv.DictReader(f))
        return self.tables[table]

    def key(self, table):
        return next(iter(self.rows(table)[0]))

    def of(self, table, column, value):
        return [r for r in self.rows(table) if r[column] == value]

    def _note(self, group, table, key):
        getattr(self, group).add((table, key))

    def set(self, table, key, column, value, group='changed'):
        self.edits.append('set\t%s\t%s\t%s\t%s' % (table, key, column, value))
        self._note(group, table, key)

    def delete(self, table, key):
        self.edits.append('delete\t%s\t%s' % (table, key))
        self._note('deleted', table, key)

    def add(self, table, like, **cells):
        """A row like another one; its key is the next one."""
        if not hasattr(self, 'next'):
            self.next = {}
        number = self.next.get(table) or max(int(r[self.key(table)]) for r in self.rows(table)) + 1
        self.next[table] = number + 1
        self.edits.append('add\t%s\t%d\t%s' % (table, number, like))
        for column, value in cells.items():
            self.edits.append('set\t%s\t%d\t%s\t%s' % (table, number, column, value))
        self._note('added', table, str(number))
        return str(number)

    # ---- what happens ----

    CHILDREN = ('SOAPNotes', 'Appointment', 'ClinicalFlags', 'Referral', 'Radiograph', 'Document', 'Letter', 'Insurance', 'TreatmentPlan', 'ClinicalExam')

    def drop_exam(self, exam):
        for table in ('PeriodontalCharting', 'CustomFinding'):
            for r in self.of(table, 'ExamID', exam):
                self.delete(table, r[self.key(table)])
        for table in ('Document', 'Radiograph'):
            for r in self.of(table, 'ExamID', exam):
                self.set(table, r[self.key(table)], 'ExamID', '\\N')
        self.delete('ClinicalExam', exam)

    def drop_plan(self, plan):
        for r in self.of('TreatmentPlanLine', 'TreatmentPlanID', plan):
            self.delete('TreatmentPlanLine', r['LineID'])
        self.delete('TreatmentPlan', plan)

    def exam_with_teeth(self, patient):
        """A patient's new exam: like his first one, a tooth of it deeper."""
        old = self.of('ClinicalExam', 'PatientID', patient)[0]['ExamID']
        exam = self.add('ClinicalExam', old, ExamDate='2019-02-01 10:00:00', ModifiedDate='2019-02-01 10:20:00')
        for r in self.of('PeriodontalCharting', 'ExamID', old):
            self.add('PeriodontalCharting', r['ChartingID'], ExamID=exam)
        return exam

    def plan(self, clear):
        """clear: a value is emptied too."""
        people = [r['PatientID'] for r in self.rows('Patient')]
        one, two, three, four, five, six, seven = people[0], people[2], people[4], people[6], people[8], people[10], people[12]
        # changed
        self.set('Patient', one, 'City', 'Yelm')
        self.set('Patient', two, 'CellPhone', '(360) 555-7070')
        if clear:
            who = next(r for r in self.rows('Patient') if r['Email'] and r['PatientID'] not in (one, two, three, four))
            self.set('Patient', who['PatientID'], 'Email', '\\N')
        note = self.of('SOAPNotes', 'PatientID', one)[0]['NoteID']
        self.set('SOAPNotes', note, 'NoteText', 'Corrected: the flap was reflected on the left.')
        visit = self.of('Appointment', 'PatientID', two)[0]['AppointmentID']
        self.set('Appointment', visit, 'Duration', '75')
        tooth = next(r for r in self.of('PeriodontalCharting', 'ExamID', self.of('ClinicalExam', 'PatientID', two)[-1]['ExamID']) if r['PocketDepth_B'])
        self.set('PeriodontalCharting', tooth['ChartingID'], 'PocketDepth_B', '8')
        # added
        new = self.add('Patient', three, ChartNumber='109001PC', FirstName='Ottilie', LastName='Newcomer', NickName='\\N', SSN='\\N', Email='ottilie@example.org',
                       CellPhone='(360) 555-8181', HomePhone='\\N', WorkPhone='\\N', BirthDate='1971-03-04 00:00:00', Street='9 Other Rd')
        exam = self.exam_with_teeth(one)
        old = self.of('SOAPNotes', 'PatientID', three)[0]['NoteID']
        self.add('SOAPNotes', old, PatientID=new, NoteText='First visit.')
        self.add('Appointment', self.of('Appointment', 'PatientID', three)[0]['AppointmentID'], PatientID=new)
        # deleted
        self.delete('SOAPNotes', self.of('SOAPNotes', 'PatientID', two)[1]['NoteID'])
        self.delete('Appointment', self.of('Appointment', 'PatientID', one)[1]['AppointmentID'])
        self.drop_exam(self.of('ClinicalExam', 'PatientID', four)[1]['ExamID'])
        plans = self.rows('TreatmentPlan')
        self.drop_plan(plans[-1]['TreatmentPlanID'])
        # moved to another patient
        moved = self.of('ClinicalExam', 'PatientID', five)[0]['ExamID']
        self.set('ClinicalExam', moved, 'PatientID', six, 'moved')
        for table in ('Document', 'Radiograph'):
            for r in self.of(table, 'ExamID', moved):
                self.set(table, r[self.key(table)], 'PatientID', six, 'moved')
        self.set('SOAPNotes', self.of('SOAPNotes', 'PatientID', five)[1]['NoteID'], 'PatientID', six, 'moved')
        # and to another household
        self.set('Patient', three, 'AccountNo', self.of('Patient', 'PatientID', six)[0]['AccountNo'], 'moved')
        # merged in the old system: what hung on one hangs on the other
        gone = next(p for p in reversed(people) if p not in (one, two, three, four, five, six, seven) and
                    not any(r['PatientID'] == p and r['TreatmentPlanID'] == plans[-1]['TreatmentPlanID'] for r in plans))
        for table in self.CHILDREN:
            for r in self.of(table, 'PatientID', gone):
                if (table, r[self.key(table)]) not in self.deleted:
                    self.set(table, r[self.key(table)], 'PatientID', seven, 'moved')
        self.delete('Patient', gone)
        # and by decision, at the second backup
        self.goes, self.stays = people[-1] if people[-1] != gone else people[-2], people[14]
        return self

    def write(self, path):
        path.write_text('\n'.join(self.edits) + '\n', encoding='utf-8')

    def write_decisions(self, path):
        key = 'PP-PAT-%s'
        path.write_text('source_key,other_source_key,primary,decision\r\n%s,%s,%s,merge\r\n' % (key % self.stays, key % self.goes, key % self.stays), newline='')
