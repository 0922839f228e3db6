#!/usr/bin/env python3
"""Judges the reports of made-up conversions (make_reports): is each page well formed, readable without a script, a mouse or
colours, free of everything from outside, and does it say the numbers that report.json says? Does report.pdf, as pdftotext
reads it, say what the page says, letter by letter?

usage: check_pages.py --program MAKE_REPORTS [--self-test]
"""
import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

VOID = {'meta', 'br', 'wbr'}
KNOWN = VOID | set('html head title style body header main footer nav section article div p span h1 h2 h3 ul ol li dl dt dd a '
                   'code em strong bdi table caption thead tbody tr th td svg desc rect text'.split())
ATTRIBUTES = set('lang charset http-equiv content name class id href scope colspan dir role tabindex aria-label '
                 'aria-labelledby viewbox x y width height text-anchor'.split())
LEADS = re.compile(r'(rejects|quality)/[\w.-]+\.csv|exceptions\.csv')  # to files beside the page
SUMS = {'tables': ('read', ['decoded', 'unreadable']),
        'entities': ('decoded', ['mapped', 'skipped', 'rejected']),
        'objects': ('mapped', ['written', 'merged', 'skipped', 'rejected'])}
CONTRAST = 4.5


class Page(HTMLParser):
    """Reads the page strictly: what a browser would forgive is a complaint."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.complaints, self.open, self.ids, self.links = [], [], [], []
        self.count, self.text, self.tables, self.figures, self.style = {}, [], [], [], ''
        self.shown, self.items, self.pictures = [], [], []  # shown: what a reader sees, without what only guides him
        self.feed(text)
        self.close()
        if self.open:
            self.say('<%s> is never closed' % self.open[-1][0])

    def say(self, sentence):
        self.complaints.append(sentence)

    def handle_decl(self, decl):
        if decl != 'DOCTYPE html' or self.count:
            self.say('a declaration that is not the first line: ' + decl)

    def handle_comment(self, data):
        self.say('a comment: ' + data[:40])

    def unknown_decl(self, data):
        self.say('an unknown declaration: ' + data[:40])

    def handle_pi(self, data):
        self.say('an instruction: ' + data[:40])

    def handle_starttag(self, tag, attrs):
        if not self.inside('svg'):
            self.count[tag] = self.count.get(tag, 0) + 1
        given = dict(attrs)
        if tag not in KNOWN:
            self.say('<%s> is no element of this page' % tag)
        for name in set(given) - ATTRIBUTES:
            self.say('<%s %s> is no attribute of this page' % (tag, name))
        if 'id' in given:
            self.ids.append(given['id'])
        if 'href' in given:
            self.links.append(given['href'])
        if tag == 'th' and given.get('scope') not in ('row', 'col'):
            self.say('a <th> without scope')
        self.start_of_table_part(tag, given)
        self.start_of_what_is_seen(tag, given)
        if tag not in VOID:
            self.open.append((tag, len(self.text)))

    def start_of_table_part(self, tag, given):
        if tag == 'table':
            self.tables.append({'caption': None, 'head': [], 'rows': []})
        if tag == 'tr' and self.inside('tbody'):
            self.tables[-1]['rows'].append([])

    def start_of_what_is_seen(self, tag, given):
        if tag in ('ol', 'ul'):
            self.items.append(0 if tag == 'ol' else None)
        if tag == 'li' and not self.inside('nav'):
            if self.items[-1] is not None:
                self.items[-1] += 1
            self.shown.append('\u2022' if self.items[-1] is None else '%d.' % self.items[-1])
        if tag == 'svg':
            self.pictures.append({'labelled': given.get('aria-labelledby', '').split(), 'bars': [], 'texts': []})
        if tag == 'rect':
            self.pictures[-1]['bars'].append((given['class'], float(given['width']), float(given['height'])))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def inside(self, tag):
        return any(t == tag for t, _ in self.open)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.say('</%s> closes <%s>' % (tag, self.open[-1][0] if self.open else 'nothing'))
            return
        start = self.open.pop()[1]
        words = ''.join(self.text[start:])
        if tag == 'caption':
            self.tables[-1]['caption'] = words
        elif tag in ('th', 'td') and self.inside('thead'):
            self.tables[-1]['head'].append(words)
        elif tag in ('th', 'td'):
            self.tables[-1]['rows'][-1].append(words)
        elif tag == 'dd' and len(self.figures) < 6:
            self.figures.append(words)
        elif tag == 'style':
            self.style += words
        elif tag in ('ol', 'ul'):
            self.items.pop()
        elif tag in ('title', 'desc') and self.pictures:
            self.pictures[-1][tag] = words
        elif tag == 'text':
            self.pictures[-1]['texts'].append(words)

    def handle_data(self, data):
        self.text.append(data)
        if self.inside('body') and not any(self.inside(t) for t in ('nav', 'title', 'desc')) and not self.is_over():
            self.shown.append(data)

    def is_over(self):
        """The name of the program above the title."""
        return self.inside('header') and not self.inside('h1') and not self.count.get('h1')


# ---- form

def luminance(color):
    color = color * 2 if len(color) == 3 else color
    parts = [int(color[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check_colors(style):
    """Every colour of text, against each ground that it can stand on."""
    var = dict(re.findall(r'--([\w-]+):#([0-9a-f]{6})', style))
    ground = ['ffffff', var['faint']]
    pairs = [(var[n], g) for n in ('ink', 'soft', 'accent', 'good', 'look', 'stop') for g in ground]
    pairs += [(var[n], var[n + '-bg']) for n in ('good', 'look', 'stop')]
    pairs += [(var['ink'], var[n + '-bg']) for n in ('good', 'look', 'stop')]
    pairs += [(c, g) for c in re.findall(r'[{;]color:#([0-9a-f]{6})', style) for g in ground]
    for rule in re.findall(r'\{([^{}]*)\}', style):
        text, back = re.search(r'(?:^|;)color:var\(--([\w-]+)\)', rule), re.search(r'background:#([0-9a-f]{6})', rule)
        if text and back:
            pairs.append((var[text[1]], back[1]))
    for text, back in pairs:
        if contrast(text, back) < CONTRAST:
            yield '#%s on #%s has a contrast of only %.2f' % (text, back, contrast(text, back))


def check_form(raw):
    try:
        text = raw.decode('utf-8')
    except UnicodeDecodeError as e:
        return ['not UTF-8: %s' % e]
    page = Page(text)
    complaints = list(page.complaints)
    if re.search('[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]', text):
        complaints.append('a control character or a mark of direction')
    if not text.startswith('<!DOCTYPE html>\n<html lang="en">'):
        complaints.append('no doctype or no language')
    for tag in ('h1', 'title', 'main', 'header', 'footer', 'style'):
        if page.count.get(tag) != 1:
            complaints.append('%d of <%s>' % (page.count.get(tag, 0), tag))
    for table in page.tables:
        if not table['caption']:
            complaints.append('a table without caption')
        for row in table['rows']:
            if len(row) not in (1, len(table['head'])):
                complaints.append('%s: a row has %d cells, not %d' % (table['caption'], len(row), len(table['head'])))
    if len(page.ids) != len(set(page.ids)):
        complaints.append('an id twice')
    for link in page.links:
        if not LEADS.fullmatch(link) and (link[:1] != '#' or link[1:] not in page.ids):
            complaints.append('a link to nothing on the page: ' + link)
    if re.search(r'url\(|@import|expression', page.style):
        complaints.append('the style sheet loads something')
    for needed in ('thead{display:table-header-group}', 'tr{break-inside:avoid}', 'counter(page)'):
        if needed not in page.style:
            complaints.append('the style sheet lacks ' + needed)
    for x in page.pictures:
        if not x.get('title') or not x.get('desc') or any(i not in page.ids for i in x['labelled']) or len(x['labelled']) != 2:
            complaints.append('a picture without title and description')
    complaints += check_colors(page.style)
    return complaints


# ---- numbers

def number(words):
    return int(words.replace(',', '')) if re.fullmatch(r'\d{1,3}(,\d{3})*', words) else None


def shown(name):
    """A name as the page spells it."""
    return re.sub('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]',
                  lambda m: '\\x%02X' % ord(m[0]) if ord(m[0]) < 256 else '\\u{%04X}' % ord(m[0]), name)


def expected_counts(model):
    captions = {'tables': 'Rows of the tables that were read',
                'entities': "What became of the rows of each kind's main table",
                'objects': 'What became of the records in each destination'}
    for level, caption in captions.items():
        whole, parts = SUMS[level]
        rows = []
        for line in model['counts'][level]:
            names = [line['name']] + ([line['from']] if level != 'tables' else [])
            keys = [whole] + parts + (['held_back'] if level != 'tables' else []) + (['changed'] if level == 'objects' else [])
            rows.append([shown(n) for n in names] + [line[k] for k in keys])
        if rows:
            yield caption, rows


LACKS = {'birth_date': 'a date of birth', 'email': 'an e-mail address', 'phone': 'a phone number', 'address': 'an address'}


WHY = {'': '', 'leave': ', as the profile says', 'no text': ': its values are no text', 'no record': ': of no record'}


def known(x): return 'unknown' if x is None else x


def grouped(digits):
    """-1234567.25 as -1,234,567.25"""
    sign, whole, point, rest = re.fullmatch(r'(-?)(\d+)(\.?)(\d*)', digits).groups()
    return sign + '{:,}'.format(int(whole)) + point + rest


def rate(tenths): return '{:,}.{} %'.format(tenths // 10, tenths % 10)


def tie_value(line):
    if 'day' in line:
        return line['day']
    if 'amount' in line:
        left = line['unadded']
        more = ' and {:,} value{} not added'.format(left, '' if left == 1 else 's') if left else ''
        return grouped(line['amount']) + more
    return line['number']


def expected_ties(model):
    for group in model['tie_out']:
        yield group['title'], [[shown(x['label']), tie_value(x), '', ''] for x in group['lines']]


def expected_fills(model):
    for d in model['destinations']:
        rows = []
        for x in d['fill']['list']:
            name = '{:,} fields of teeth and sites'.format(x['fields']) if x['fields'] > 1 else shown(x['field'])
            level = 'the same' if x['source_rate'] >= x['bundle_rate'] else 'fuller'
            rows.append([name, shown(x['object']), shown(x['from']), '%s (%s)' % (rate(x['source_rate']), '{:,}'.format(x['source'])),
                         '%s (%s)' % (rate(x['bundle_rate']), '{:,}'.format(x['bundle'])),
                         '\u25bc less full' if x['lower'] else level, x['held_back']])
        if rows:
            yield shown(d['title']) + ': how full its fields are', rows


def expected_pictures(model):
    for x in model['pictures']:
        yield x['title'], [[shown(b['label']), b['number']] + ([b['missing']] if x['kind'] == 'shares' else []) for b in x['bars']]


def expected_spots(model):
    for g in model['spot_checks']['groups']:
        keys = [[shown(c['source_key']), shown(c['src_table']), shown(c['src_key'])] for c in g['checks']]
        yield g['title'], [k + [shown(v) or 'no value' for v in c['values']] + [''] for k, c in zip(keys, g['checks'])]
        if g['children']:
            yield g['title'] + ': how many records they have', [k + c['records'] + [''] for k, c in zip(keys, g['checks'])]


def expected_asked(model):
    if model['options']:
        yield 'How it was asked for', [[shown(x['name']), shown(x['value'])] for x in model['options']]
    if model['source']['files']:
        yield 'Files that were given', [[shown(f['name']), f['bytes'], f['sha256'] or 'not known: the file could not be read again']
                                        for f in model['source']['files']]


def expected_quality(q):
    yield 'What to look at, in numbers', [
        *(['Patients without ' + LACKS[x['what']], x['lacking']] for x in q['lacks']),
        ['Groups of records that may be one person', q['duplicate_groups']],
        ['Records in these groups', q['duplicate_records']],
        ['Dates that could not be read for certain', q['malformed_dates']],
        ["Records dated before their patient's birth", q['before_birth']],
        ['Providers who share an e-mail address', q['shared_emails']],
        ['Values that only an account has of a patient', q['accounts_differ']],
        ['Chart rows whose tooth could not be read for certain', q['charts']['ambiguous_teeth']],
        ['Exams left out for their tooth numbering', q['charts']['exams_left_out']],
        ["Exams whose tooth numbering is the profile's default", q['charts']['numbering_assumed']]]
    tables = {
        'Records of each kind': [[x['title'], x['entity'], x['records']] for x in q['records']],
        'What became of the values of each field': [
            [x['field'], x['entity'], x['filled'], x['kept'], x['changed'], x['held_back']] for x in q['fields']],
        "Fields of the practice's own": [
            [shown(x['name']), shown(x['entity']), shown(x['type']), x['records'],
             'more than {:,}'.format(x['distinct']) if x['more'] else x['distinct']] for x in q['custom_fields']],
        'Columns that the profile does not read': [
            [shown(x['column']), shown(x['table']), known(x['rows']), known(x['filled']),
             'carried as a custom field' if x['carried'] else 'left behind' + WHY[x['why']]] for x in q['columns_left_behind']]}
    yield from ((caption, rows) for caption, rows in tables.items() if rows)


def expected(model):
    """(caption, first cells of each row) of what the page must show."""
    yield from expected_counts(model)
    for d in model['destinations']:
        rows, position = [], 0
        for f in d['files']:
            position += bool(f['object'])
            rows.append([position if f['object'] else 'beside', shown(f['path']), f['rows'] if f['object'] else 'no rows',
                         f['bytes'], f['sha256']])
        rows.append(['', 'Together', sum(f['rows'] for f in d['files'] if f['object']), sum(f['bytes'] for f in d['files']), ''])
        yield shown(d['title']) + ': files in the order in which they are loaded', rows
    if model['stays_in_the_practice']:
        yield 'Rows rejected, values held back, questions of quality', [[shown(f['path']), f['rows'], f['bytes'], f['sha256']]
                                                     for f in model['stays_in_the_practice']]
    if model['findings']:
        label = {'fatal': 'Error', 'loss': 'Incomplete', 'warning': 'Warning', 'note': 'Note'}
        yield 'All findings, worst first', [[label[f['severity']], f['title'], f['code'], f['number'], f['rows']]
                                            for f in model['findings']]
    if model['quality']:
        yield from expected_quality(model['quality'])
    for part in (expected_ties, expected_fills, expected_pictures, expected_spots, expected_asked):
        yield from part(model)
    if model['left_behind']['tables']:
        yield 'Tables left behind, the largest first', [
            [shown(t['name']), 'unknown' if t['rows'] is None else t['rows']] for t in model['left_behind']['list']]


def check_numbers(raw, model):
    page = Page(raw.decode('utf-8'))
    tables = {}
    for t in page.tables:
        tables.setdefault(t['caption'], []).append(t)
    for caption, rows in expected(model):
        if not tables.get(caption):
            yield 'no table "%s"' % caption
            continue
        got = [r for r in tables[caption].pop(0)['rows'] if len(r) > 1]
        if len(got) != len(rows):
            yield '%s: %d rows, not %d' % (caption, len(got), len(rows))
        for have, want in zip(got, rows):
            for cell, value in zip(have, want):
                if (number(cell) if isinstance(value, int) else cell) != value:
                    yield '%s: the page says "%s", report.json %s' % (caption, cell, value)
    v = model['verdict']
    want = [v['written'], v['rejected'], v['unreadable'], v['held_back'], v['changed'], model['left_behind']['tables']]
    if [number(x) for x in page.figures] != want:
        yield 'the figures at the top are %s, in report.json %s' % (page.figures, want)
    for left in [caption for caption, more in tables.items() if more and caption not in
                 ('What was read', 'Program, profile and templates')]:
        yield 'a table that nobody expects: ' + left
    yield from check_pictures(page, model)
    words = ''.join(page.text)
    for sentence in [x['about'] for x in model['pictures']] + v['ready'] + [v['count']] + v['next'] + [p for f in model['findings'] for p in f['places']]:
        if shown(sentence) not in words:
            yield 'the page does not say: ' + sentence[:80]


def check_pictures(page, model):
    """Bars are as long as their numbers, to a tenth of the picture's units."""
    if [(x['title'], x['desc']) for x in page.pictures] != [(shown(x['title']), shown(x['about'])) for x in model['pictures']]:
        yield 'other pictures than in report.json'
        return
    for drawn, x in zip(page.pictures, model['pictures']):
        numbers = [b['number'] for b in x['bars']]
        bars = [b for b in drawn['bars'] if b[0] == 'there']
        if x['kind'] == 'shares':
            want = [400 * b['rate'] / 1000 for b in x['bars'] if b['rate']]
            have = [b[1] for b in bars]
        else:
            most = max(numbers + [1])
            want = [max(164 * n / most, 1) for n in numbers if n]
            have = [b[2] for b in bars]
        if len(want) != len(have) or any(abs(a - b) > 0.11 for a, b in zip(want, have)):
            yield '%s: the bars are %s, not %s' % (x['title'], have, want)
        for text in drawn['texts']:
            if number(text) is not None and number(text) not in numbers and text not in [b['label'] for b in x['bars']]:
                yield '%s: the picture says %s' % (x['title'], text)


# ---- the same as PDF

def squeezed(text): return re.sub(r'[\s\u00a0]+', '', text)


def check_pdf(path, raw, model):
    """What pdftotext reads of it, in the order in which it was set, is what the page shows, without its pages' feet and the heads
    that tables repeat."""
    page = Page(raw.decode('utf-8'))
    text = subprocess.run(['pdftotext', '-raw', '-enc', 'UTF-8', str(path), '-'], check=True, capture_output=True).stdout.decode('utf-8')
    pages = text.split('\f')[:-1]
    heads = sorted({squeezed(''.join(t['head'])) for t in page.tables}, key=len, reverse=True)
    want, at = squeezed(''.join(page.shown)), 0
    for i, sheet in enumerate(pages):
        have = squeezed(sheet)
        foot = squeezed('chartferry \u00b7 %sPage %d of %d' % (shown(model['run']), i + 1, len(pages)))
        if not have.startswith(foot):
            yield 'report.pdf: page %d does not begin with its foot: %s' % (i + 1, have[:60])
            return
        have = have[len(foot):]
        for head in heads:
            if i and have.startswith(head) and not want.startswith(have[:200], at):
                have = have[len(head):]
                break
        if not want.startswith(have, at):
            n = next(k for k in range(len(have)) if want[at + k:at + k + 1] != have[k])
            yield 'report.pdf: page %d says "%s", the page "%s"' % (i + 1, have[max(n - 30, 0):n + 30], want[max(at + n - 30, 0):at + n + 30])
            return
        at += len(have)
    if at != len(want):
        yield 'report.pdf ends before: ' + want[at:at + 60]


def check_masked(raw, text, model):
    """A patient's name is shown where that was asked for, with a banner, and nowhere else."""
    values = model['spot_checks']['values_shown']
    if ('Canary' in text) > values or (b'Canary' in raw) > values or (b'class="banner' in raw) != values:
        yield 'values of patients are %s' % ('not announced' if values else 'shown')


def check_model(model):
    """What report.json says of itself."""
    if model.get('schema') != 1 or not isinstance(model['schema'], int):
        yield 'report.json has no schema number'
    lines = wrong = 0
    for level, (whole, parts) in SUMS.items():
        for line in model['counts'][level]:
            closed = line[whole] == sum(line[p] for p in parts) and line.get('in_files', 0) == line.get('written', 0)
            if closed != line['adds_up']:
                yield '%s: adds_up is %s' % (line['name'], line['adds_up'])
            lines, wrong = lines + 1, wrong + (not closed)
    if (model['counts']['lines'], model['counts']['open']) != (lines, wrong):
        yield 'the number of lines is wrong'
    if (model['verdict']['state'] == 'stop') < bool(wrong):
        yield 'lines do not add up, and the verdict is ' + model['verdict']['state']


def check_wrong_lines_told(raw, model):
    text = ''.join(Page(raw.decode('utf-8')).text)
    for level in SUMS:
        for line in model['counts'][level]:
            told = ('Does not add up: ' + line['sum']) in text
            if told == line['adds_up']:
                yield '%s: the page %s that it does not add up' % (line['name'], 'says' if told else 'does not say')


def pairs_once(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError('a key twice')
    return dict(pairs)


def check(raw, text):
    model = json.loads(text, object_pairs_hook=pairs_once)
    form = check_form(raw)
    return form or [*check_model(model), *check_numbers(raw, model), *check_wrong_lines_told(raw, model), *check_masked(raw, text, model)]


def check_case(folder):
    """The report in a folder."""
    raw, text = (folder / 'report.html').read_bytes(), (folder / 'report.json').read_text(encoding='utf-8')
    yield from check(raw, text)
    if (folder / 'report.pdf').exists() and shutil.which('pdftotext'):
        yield from check_pdf(folder / 'report.pdf', raw, json.loads(text))


# ---- that it can fail

def planted(page):
    """(what, page with the mistake, what must be said)"""
    def swap(old, new, n=1):
        assert old in page, old
        return page.replace(old, new, n)
    yield 'an element not closed', swap(b'</h1>', b''), 'closes'
    yield 'markup in a name', swap(b'</h1>', b'<script>x</script></h1>'), '<script> is no element'
    yield 'a handler', swap(b'<main>', b'<main onclick="x">'), '<main onclick>'
    yield 'two h1', swap(b'</h1>', b'</h1><h1>x</h1>'), '2 of <h1>'
    yield 'no caption', swap(b'<caption>What was read</caption>', b''), 'without caption'
    yield 'no scope', swap(b'<th scope="row"', b'<th'), 'without scope'
    yield 'no language', swap(b' lang="en"', b''), 'no language'
    yield 'a dead link', swap(b'href="#made"', b'href="#gone"'), 'a link to nothing'
    yield 'another number of the sheet', swap(b'<td class="n">11,002</td>', b'<td class="n">11,003</td>'), 'the page says "11,003"'
    yield 'another amount', swap(b'-1,234,567.25', b'-1,234,567.52'), 'the page says "-1,234,567.52'
    yield 'another rate', swap(b'94.0 % (11,664)', b'95.0 % (11,664)'), 'the page says "95.0 %'
    yield 'a drop that is not told', swap('\u25bc less full'.encode(), b'the same'), 'the page says "the same"'
    yield 'another depth', swap(b'<td class="n">1,999,999</td>', b'<td class="n">1,999,998</td>'), 'the page says "1,999,998"'
    yield 'a bar of another length', swap(b'height="164.0"', b'height="150.0"'), 'the bars are'
    yield 'a picture without a title', swap(b'-title">', b'-titel">'), 'without title and description'
    yield 'a value of a patient', swap(b'\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2</td>', b'Canary</td>'), 'values of patients are shown'
    yield 'a link to a file that is none of the run', swap(b'href="rejects/Contact.csv"', b'href="../Contact.csv"'), 'a link to nothing'
    yield 'a picture from outside', swap(b'</h1>', b'</h1><img src="http://x/">'), '<img> is no element'
    yield 'a style from outside', swap(b'*{box', b'@import "x";*{box'), 'loads something'
    yield 'pale text', swap(b'--soft:#55626f', b'--soft:#a5a2af'), 'contrast'
    yield 'torn rows', swap(b'tr{break-inside:avoid}', b''), 'lacks tr'
    yield 'a control character', swap(b'</h1>', b'\x1b</h1>'), 'control character'
    yield 'a cell missing', swap(b'<td class="n">12,302</td>', b''), 'cells, not'
    yield 'another number', swap(b'<td class="n">12,302</td>', b'<td class="n">12,303</td>'), 'the page says "12,303"'
    yield 'another number of quality', swap(b'<td class="n some">731</td>', b'<td class="n some">730</td>'), 'the page says "730"'
    yield 'another figure', swap(b'<dd class="some">200<', b'<dd class="some">201<'), 'figures at the top'
    yield 'another sentence', swap(b'205 rows need', b'204 rows need'), 'does not say'
    yield 'a wrong line told of a right one', swap(b'</h1>', b'</h1><p>Does not add up: 8 read = 8 decoded + 0 unreadable</p>'), \
        'the page says that it does not add up'


def self_test(folder):
    raw, text = (folder / 'look/report.html').read_bytes(), (folder / 'look/report.json').read_text(encoding='utf-8')
    failures = []
    for what, page, said in planted(raw):
        complaints = check(page, text)
        if not any(said in c for c in complaints):
            failures.append('%s: not found (%s)' % (what, complaints[:2]))
    untold = (folder / 'open/report.html').read_bytes().replace(b'Does not add up: ', b'')
    if not any('does not say' in c for c in check(untold, (folder / 'open/report.json').read_text(encoding='utf-8'))):
        failures.append('a wrong line that is not told: not found')
    changed = raw.replace(b'<td class="n">11,002</td>', b'<td class="n">11,003</td>')
    if shutil.which('pdftotext') and not any('report.pdf: page' in c for c in check_pdf(folder / 'look/report.pdf', changed, json.loads(text))):
        failures.append('another number in report.pdf: not found')
    return failures


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--program', required=True)
    options.add_argument('--self-test', action='store_true')
    o = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / 'reports'
        subprocess.run([o.program, str(folder)], check=True)
        if o.self_test:
            complaints = self_test(folder)
        else:
            complaints = ['%s: %s' % (case.name, c) for case in sorted(folder.iterdir()) for c in check_case(case)]
    for c in complaints[:40]:
        print(c)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
