"""The features of the matrix: each a description for bakgen, the versions it is tried in and the containers it is put into.

Text in code pages is made here with Python's codecs, so that neither bakgen nor chartferry decides what a byte means.
"""

ALL = (611, 655, 661, 706, 782, 852, 869, 904, 957, 998)
SINCE_2008 = ALL[1:]
SINCE_2012 = ALL[3:]


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n').replace('\r', '\\r') + '"'


def coded(pairs):
    """Items of a coded column: stored bytes with the text that must come out."""
    return 'coded ' + ' '.join(quoted(raw.hex() + '=' + text) for raw, text in pairs)


# ---- storage of records

SCALARS = '''column Id int not null seq
column A tinyint null 10% edges
column B smallint null 10% edges
column C int null 10% edges
column D bigint null 10% edges
column E bit null 10% edges
column F decimal(9,2) null 10% edges
column G decimal(19,4) null 10% edges
column H numeric(28,10) null 10% edges
column I decimal(38,0) null 10% edges
column J decimal(38,38) null 10% edges
column K money null 10% edges
column L smallmoney null 10% edges
column M float null 10% edges
column N real null 10% edges
column O datetime null 10% edges
column P smalldatetime null 10% edges
column Q uniqueidentifier null 10% edges
column R char(12) null 10% edges
column S nchar(12) null 10% edges
column T varchar(50) null 10% edges
column U nvarchar(50) null 10% edges
column V binary(10) null 10% edges
column W varbinary(50) null 10% edges
column X rowversion not null
column Y varchar(max) null 10% edges
column Z nvarchar(max) null 10% edges
'''
YOUNG_SCALARS = ''.join('column T%d time(%d) null 10%% edges\ncolumn D%d datetime2(%d) null 10%% edges\n'
                        'column O%d datetimeoffset(%d) null 10%% edges\n' % ((s,) * 6) for s in range(8)
                        ) + 'column Day date null 10% edges\n'

RANDOM_ROWS = '''column Id int not null seq 1000 7
column Small smallint not null random -3..3
column Count bigint null 5% random
column Price money null 5% random
column Rate decimal(18,6) null 5% random
column Ratio float null 5% random
column Part real null 5% random
column At datetime null 5% random
column Guid uniqueidentifier null 5% random
column Fixed char(20) null 5% text 0..20
column Wide nchar(30) null 5% text 0..30
column Name nvarchar(120) null 5% text 0..120
column Kind varchar(40) null 5% list "root planing" "root canal" root "periodontal charting, six sites"
column Raw varbinary(60) null 5% bytes 0..60
column Flag bit null 5% random
column Other bit not null random
'''

MANY = 'column Id int not null seq\n' + ''.join(
    'column C%d %s null 20%% %s\n' % (i, *(('int', 'random'), ('varchar(20)', 'text 0..20'), ('bit', 'random'),
                                           ('smallint', 'random 0..3'), ('nvarchar(10)', 'text 0..10'))[i % 5])
    for i in range(1, 205))

UNICODE = ['', 'a', 'perio', 'Grüße', 'größer als ÄÖÜ', 'Αθήνα', 'зуб мудрости', 'שן בינה', 'ضرس', 'हिन्दी', 'おやしらず',
           'オヤシラズ', '親知らずの抜歯', '歯', '사랑니 발치', '😀', '😀😁😂 and 🦷', 'a\u0001b', 'mixed Ωmega жизнь 歯科医院 end',
           '\ufffd\ue000\uf8ff', 'ŁódźŚćęą', 'Ťžýšč ěřů', '“quotes” – dash… €', 'ﬁ ﬂ', '\u0300\u0370\u0530', 'x' * 60,
           '歯' * 40, 'ж' * 70, 'é' * 128, 'naïve café 歯 naïve']


def unicode_rows(kind):
    items = coded([(t.encode('utf-16-le'), t) for t in UNICODE])
    return 'column Id int not null seq\ncolumn U nvarchar(200) null 3%% %s\ncolumn V nvarchar(max) null %s\n' % (
        items, items) + 'primary Id\ncompress %s\n' % kind


# ---- collations: sort id or locale of the collation id, with a code page that Python knows

COLLATIONS = [
    (0x34000008 | 0xD000, 'cp1252', 'Müller – “perio” €'), (0x0000D007, 'cp1253', 'Αθήνα'), (0x0000D015, 'cp1251', 'зуб Жук'),
    (0x0000D01A, 'cp1254', 'diş İğne şçöü'), (0x0000D00C, 'cp1255', 'שן'), (0x0000D001, 'cp1256', 'سن عربي'),
    (0x0000D01D, 'cp1257', 'hambaõäöü'), (0x0000D020, 'cp1258', 'rang đ ă'), (0x0000D004, 'cp1250', 'zub Ťžýšč'),
    (0x0000D013, 'cp1250', 'ząb Łódź'), (0x0000D019, 'cp874', 'ฟัน'), (0x0000D010, 'cp932', '歯ハハ'),
    (0x0000D024, 'cp936', '牙齿'), (0x0000D011, 'cp949', '이빨'), (0x0000D003, 'cp950', '牙齒'),
    (0x1E00D008, 'cp437', 'Ñandú ÇüéâäàåÆ'), (0x2A00D008, 'cp850', 'Çüéâäàå®½¼'), (0x5100D008, 'cp1250', 'ďťž'),
    (0x6900D008, 'cp1251', 'Зубы'), (0x7100D008, 'cp1253', 'δόντι'), (0x8100D008, 'cp1254', 'diş'),
    (0x8900D008, 'cp1255', 'שיניים'), (0x9100D008, 'cp1256', 'أسنان'), (0x9900D008, 'cp1257', 'zobs ž'),
    (0x0004D188, 'utf-8', '歯 zub Ťž 😀 é'),
]


def collation_columns():
    out = 'column Id int not null seq\n'
    for i, (number, page, text) in enumerate(COLLATIONS):
        pairs = [(t.encode(page), t) for t in (text, '', 'plain, ascii', text * 3)]
        out += 'column V%d varchar(120) null 5%% collate %08X %s\n' % (i, number, coded(pairs))
        if i % 3 == 0: out += 'column M%d varchar(max) null 5%% collate %08X %s\n' % (i, number, coded(pairs))
        if i % 4 == 0: out += 'column X%d text null 5%% collate %08X %s\n' % (i, number, coded(pairs))
    return out


# ---- types whose bytes only their own documents explain

VARIANTS = [('3801' + '2a000000', '42'), ('7f01' + 'ffffffffffffffff', '-1'), ('3001ff', '255'), ('680101', '1'),
            ('6a011202' + '01' + '3930000000000000', '123.45'), ('3c01' + '40e2010000000000', '12.3456'),
            ('280100000a'[:4] + '000000', '0001-01-01'), ('3d01' + '0000000000000000', '1900-01-01 00:00:00.000'),
            ('e7010a0008d00034' + '610062006300', 'abc'), ('a7010a0008d00034' + '616263', 'abc'),
            ('a5010a00' + 'deadbeef', '0xdeadbeef'), ('3e01' + '000000000000f83f', '1.5'),
            ('2401' + '00112233445566778899aabbccddeeff', '33221100-5544-7766-8899-AABBCCDDEEFF')]
PATHS = [('58', '/1/'), ('5ac0', '/1/1/'), ('68', '/2/'), ('', '/')]
POINT = ('e6100000010c' + '0000000000004740' + '000000000000 5ec0'.replace(' ', ''), 'POINT (-120 46)')
PLANE = ('00000000010c' + '000000000000f03f' + '0000000000000040', 'POINT (1 2)')


def special_types():
    def items(pairs): return coded([(bytes.fromhex(raw), text) for raw, text in pairs])
    return ('column Id int not null seq\ncolumn V sql_variant null 10%% %s\ncolumn H hierarchyid null 10%% %s\n'
            'column G geography null 10%% %s\ncolumn P geometry null 10%% %s\n' % (
                items(VARIANTS), items(PATHS), items([POINT]), items([PLANE])))


# ---- the matrix: name, description, versions, and "fast" for the part that every build runs

def feature(name, text, versions=ALL, fast=()):
    return name, text, versions, fast


def table(name, rows, body):
    return 'table dbo.%s %d\n%s' % (name, rows, body)


FEATURES = [
    feature('names', 'table "dbo.😀 歯科" 3\ncolumn "q\\"uote, 😀" int not null seq\ncolumn " " nvarchar(9) null 30% list "" " " x\n'
            'table "ödön.Überweisung" 3\ncolumn Änd int not null seq\ncolumn änd int null random\n'
            'table dbo.con 2\ncolumn Id int not null seq\ntable dbo.CON 2\ncolumn Id int not null seq\n', ALL, (611, 904)),
    feature('scalars', table('Heap', 90, SCALARS) + table('Tree', 90, SCALARS + 'primary Id\n'), ALL, (611, 655, 782, 904)),
    feature('scalars_2008', table('Heap', 60, 'column Id int not null seq\n' + YOUNG_SCALARS), SINCE_2008, (661,)),
    feature('row_compression', table('Edges', 90, SCALARS + YOUNG_SCALARS + 'primary Id\ncompress row\n') +
            table('Heap', 400, RANDOM_ROWS + 'compress row\nghosts 9\nindex IX Small\n'), SINCE_2008, (655, 782)),
    feature('page_compression', table('Edges', 300, SCALARS + YOUNG_SCALARS + 'primary Id\ncompress page\n') +
            table('Heap', 900, RANDOM_ROWS + 'compress page\nghosts 9\n') +
            table('Prefix', 300, 'column Id int not null seq\ncolumn T varchar(900) not null list %s %s %s\n'
                  'primary Id\ncompress page\n' % tuple('x' * 200 + 'y' * n for n in (0, 300, 500))), SINCE_2008, (661, 904)),
    feature('compression_of_many_columns', table('Row', 60, MANY + 'compress row\n') +
            table('Page', 60, MANY + 'primary Id\ncompress page\n') + table('Forty', 80, ''.join(
                MANY.splitlines(True)[:41]) + 'compress page\n'), SINCE_2008, (706,)),
    feature('unicode_compression', table('Row', 90, unicode_rows('row')) + table('Page', 90, unicode_rows('page')),
            SINCE_2008, (852,)),
    feature('compressed_lobs', table('Lobs', 30, 'column Id int not null seq\ncolumn A varchar(max) null 10% text 0..30000\n'
            'column B varbinary(max) null 10% bytes 0..90000\ncolumn C varchar(8000) null text 0..8000\n'
            'column D varchar(8000) null text 0..8000\ncolumn E text null 10% text 0..9000\nprimary Id\ncompress page\n'),
            SINCE_2008, (782,)),
    feature('vardecimal', table('Amounts', 200, 'column Id int not null seq\ncolumn A decimal(9,2) null 10% edges\n'
            'column B decimal(38,12) null 10% random\ncolumn C numeric(19,0) null 10% edges\ncolumn D varchar(20) null text 0..20\n'
            'column E decimal(38,38) null 10% edges\nvardecimal\n'), ALL[:3], (611,)),
    feature('value_trees', table('Deep', 3, 'column Id int not null seq\ncolumn A varbinary(max) null bytes 100000..400000\n'
            'column B image null bytes 100000..300000\ncolumn C nvarchar(max) null text 50000..90000\nprimary Id\nnodes 4\n') +
            table('Three', 2, 'column Id int not null seq\ncolumn A varbinary(max) null bytes 300000..700000\nnodes 3\n') +
            table('Old', 40, 'column Id int not null seq\ncolumn A text null 20% text 0..90000\n'
                  'column B ntext null 20% text 0..30000\ncolumn C image null 20% bytes 0..60000\noldroots\nnullroots\n'),
            ALL, (611, 706)),
    feature('overflow_and_forwarded', table('Wide', 60, 'column Id int not null seq\ncolumn A varchar(8000) null 10% text 0..8000\n'
            'column B nvarchar(4000) null 10% text 0..4000\ncolumn C varbinary(8000) null 10% bytes 0..8000\n') +
            table('Moved', 200, 'column Id int not null seq\ncolumn A varchar(300) null 10% text 0..300\n'
                  'column B nvarchar(100) null 10% text 0..100\nforwarded 3\nghosts 5\nunique UX Id\n'), ALL, (655,)),
    feature('sparse', table('Sparse', 120, 'column Id int not null seq\ncolumn A int null 60% sparse random\n'
            'column B varchar(60) null 70% sparse text 0..60\ncolumn C int null 10% random\ncolumn D datetime null 90% sparse random\n'
            'column E decimal(9,2) null 50% sparse random\ncolumn F nvarchar(50) null 20% text 0..50\n'
            'column G bigint null 100% sparse random\nforwarded 7\n') +
            table('SparseTree', 60, 'column Id int not null seq\ncolumn A uniqueidentifier null 50% sparse random\n'
                  'column B nvarchar(40) null 50% sparse text 1..40\nprimary Id\n'), SINCE_2008, (655, 869)),
    feature('dropped_and_added', table('Altered', 200, 'column Id int not null seq\ncolumn Gone int null dropped random\n'
            'column A varchar(30) null 10% text 0..30\ncolumn GoneText nvarchar(20) null dropped text 0..20\n'
            'column Bit1 bit not null random\ncolumn GoneBit bit not null dropped random\ncolumn Bit2 bit null 5% random\n'
            'column Later int null 10% added 50 random\ncolumn LaterText varchar(20) null 10% added 120 text 0..20\n'
            'column LaterBit bit null added 150 random\n'), ALL, (611,)),
    feature('added_with_default', table('Defaults', 200, 'column Id int not null seq\ncolumn A varchar(30) null 10% text 0..30\n'
            'column B int not null added 40 default 77 random\ncolumn C varchar(20) not null added 60 default "was, before" text 0..20\n'
            'column D nvarchar(20) null 10% added 60 default "früher" text 0..20\ncolumn E decimal(9,2) not null added 90 default -3.25 random\n'
            'column F datetime not null added 90 default "2019-02-06 08:00:00" random\n'
            'column G varbinary(8) null added 99 default 0xCAFE bytes 0..8\ncolumn H bit not null added 100 default 1 random\nprimary Id\n') +
            table('DefaultsCompressed', 200, 'column Id int not null seq\ncolumn A varchar(30) null 10% text 0..30\n'
                  'column B int not null added 40 default 77 random\ncolumn C nvarchar(20) not null added 60 default "früher" text 0..20\n'
                  'primary Id\ncompress page\n'), SINCE_2012, (706, 904)),
    feature('uniquifier', table('Again', 300, 'column K int not null seq 1 1 div 4\ncolumn A varchar(30) null 10% text 0..30\n'
            'column B money null random\nduplicates K\n') + table('AgainText', 120, 'column K nvarchar(10) not null seq 1 1 div 3\n'
            'column A int null random\nduplicates K\nghosts 7\n'), ALL, (611, 782)),
    feature('partitions', table('Parts', 400, 'column Id int not null seq\ncolumn A varchar(60) null 10% text 0..60\n'
            'column B nvarchar(max) null 80% text 0..9000\nprimary Id\nparts 4\n') +
            table('HeapParts', 100, 'column Id int not null seq\ncolumn A int null random\nparts 3\n'), ALL, (611, 706)),
    feature('partitions_of_all_compressions', table('Parts', 600, RANDOM_ROWS + 'primary Id\nparts 6\ncompress none row page\n'),
            SINCE_2008, (782,)),
    feature('several_files', 'file Second\nfile Third Archive\nfile Fourth Archive\n' +
            table('InBoth', 700, 'column Id int not null seq\ncolumn A char(200) null text 0..200\n'
                  'column B varbinary(max) null 80% bytes 0..60000\nprimary Id\nindex IX A\n') +
            table('InArchive', 500, 'column Id int not null seq\ncolumn A char(300) null text 0..300\nforwarded 9\non Archive\n'),
            SINCE_2008, (782,)),
    feature('stale_pages', table('First', 300, 'column Id int not null seq\ncolumn A char(200) null text 0..200\nstale\ngap 4\nprimary Id\n') +
            table('Second', 300, 'column Id int not null seq\ncolumn A char(200) null text 0..200\nstale\ngap 9\nghosts 3\n') +
            table('Third', 20, 'column Id int not null seq\ncolumn A text null text 0..9000\nstale\nhollow 5\n'), ALL, (611, 904)),
    feature('torn', 'torn\n' + table('Torn', 200, RANDOM_ROWS + 'primary Id\n'), (611, 655, 661), (661,)),
    feature('no_protection', 'unprotected\n' + table('Bare', 200, RANDOM_ROWS), (611, 782), ()),
    feature('collations', table('Texts', 24, collation_columns()), (782, 904), (782,)),
    feature('special_types', table('Types', 40, special_types()), SINCE_2008, (782,)),
    feature('special_types_compressed', table('Types', 40, special_types() + 'compress page\n'), SINCE_2008, (706,)),
    feature('changing', table('Clients', 500, RANDOM_ROWS + 'primary Id\nlater 120\nupdated 11\nindex IX Small\n') +
            table('Visits', 900, 'column Id int not null seq\ncolumn A nvarchar(200) null text 0..200\nlater 300\n') +
            table('Fixed', 300, RANDOM_ROWS), ALL, (661, 904)),
]

# Beyond 4 GB of pages: several intervals of GAM and PFS, pages and offsets that do not fit into 32 bits. In a data file free
# extents cost nothing; in a backup extents that belong to a table and hold no page do not either.
SPREAD = ('table dbo.Low 400\n%(columns)sprimary Id\nindex IX A\n%(empty)s'
          'table dbo.High 400\n%(columns)sforwarded 7\n%(gap)stable dbo.Higher 300\n%(columns)sprimary Id\n')
COLUMNS = 'column Id int not null seq\ncolumn A char(200) null text 0..200\ncolumn B varbinary(max) null 90% bytes 0..60000\n'
HUGE = [
    ('three_intervals_of_free_space', SPREAD % {'columns': COLUMNS, 'empty': '', 'gap': 'gap 130000\n'}, 'mdf'),
    ('empty_extents', SPREAD % {'columns': COLUMNS, 'empty': 'hollow 70000\n', 'gap': 'gap 3\n'}, 'bak-plain'),
    ('empty_extents', SPREAD % {'columns': COLUMNS, 'empty': 'hollow 70000\n', 'gap': 'gap 3\n'}, 'mdf'),
]
