"""A described database with a column of every type, and the text that each of its values has as SQL Server writes it.

The bytes of CLR types are from the documents of their formats (MS-SSCLRT); what they mean stands beside them.
"""
TURKISH = 'Turkish_CI_AS'
LONG = 'İstanbul’da dişeti çekilmesi; '
# (column, type, extra, [(value in the server, text in the CSV; None: NULL)])
COLUMNS = [
    ('Id', 'int', {'identity': True}, None),
    ('Tiny', 'tinyint', {}, [('0', '0'), ('255', '255'), (None, None)]),
    ('Small', 'smallint', {}, [('-32768', '-32768'), ('32767', '32767'), (None, None)]),
    ('Int', 'int', {}, [('-2147483648', '-2147483648'), ('2147483647', '2147483647'), ('0', '0')]),
    ('Big', 'bigint', {}, [('-9223372036854775808', '-9223372036854775808'), ('9223372036854775807', '9223372036854775807'), (None, None)]),
    ('Bit', 'bit', {}, [('0', '0'), ('1', '1'), (None, None)]),
    ('Dec9', 'decimal(9,2)', {}, [('-9999999.99', '-9999999.99'), ('0.07', '0.07'), (None, None)]),
    ('Dec38', 'decimal(38,10)', {}, [('-9999999999999999999999999999.9999999999',) * 2, ('0.0000000001',) * 2, ('18446744073709551616.0000000000',) * 2]),
    ('Num19', 'numeric(19,0)', {}, [('9999999999999999999',) * 2, ('-1',) * 2, (None, None)]),
    ('Num28', 'numeric(28,28)', {}, [('0.1234567890123456789012345678',) * 2, ('-0.0000000000000000000000000001',) * 2, (None, None)]),
    ('Money', 'money', {}, [('-922337203685477.5808',) * 2, ('922337203685477.5807',) * 2, ('0.0001',) * 2]),
    ('SmallMoney', 'smallmoney', {}, [('-214748.3648',) * 2, ('214748.3647',) * 2, (None, None)]),
    ('Float', 'float', {}, [('0.1', '0.1'), ('-1.7976931348623157e308', '-1.7976931348623157e+308'), ('5e-324', '5e-324')]),
    ('Real', 'real', {}, [('0.1', '0.1'), ('3.4028235e38', '3.4028235e+38'), (None, None)]),
    ('Date', 'date', {}, [('0001-01-01',) * 2, ('9999-12-31',) * 2, ('2024-02-29',) * 2]),
    ('Time0', 'time(0)', {}, [('23:59:59',) * 2, ('00:00:00',) * 2, (None, None)]),
    ('Time7', 'time(7)', {}, [('23:59:59.9999999',) * 2, ('00:00:00.0000001',) * 2, (None, None)]),
    ('DateTime', 'datetime', {}, [('1753-01-01 00:00:00.003',) * 2, ('9999-12-31 23:59:59.997',) * 2, ('2024-02-29 13:05:09.120',) * 2]),
    ('SmallDateTime', 'smalldatetime', {}, [('1900-01-01 00:00:00',) * 2, ('2079-06-06 23:59:00',) * 2, (None, None)]),
    ('DateTime2', 'datetime2(7)', {}, [('0001-01-01 00:00:00.0000000',) * 2, ('9999-12-31 23:59:59.9999999',) * 2, (None, None)]),
    ('DateTime2s', 'datetime2(3)', {}, [('2024-02-29 13:05:09.123',) * 2, ('1899-12-31 23:59:59.999',) * 2, (None, None)]),
    ('Offset', 'datetimeoffset(7)', {}, [('2024-02-29 23:59:59.1234567 +14:00',) * 2, ('2024-03-01 00:00:00.0000000 -14:00',) * 2, ('2024-03-01 00:30:00.0000000 +01:00',) * 2]),
    ('Guid', 'uniqueidentifier', {}, [('6F9619FF-8B86-D011-B42D-00C04FC964FF',) * 2, ('00000000-0000-0000-0000-000000000001',) * 2, (None, None)]),
    ('Char', 'char(6)', {'collation': TURKISH}, [('şığçöü',) * 2, ('a     ',) * 2, (None, None)]),
    ('VarChar', 'varchar(50)', {}, [('caf\u00e9 \u20ac \u0081',) * 2, ('',) * 2, (None, None)]),
    ('VarCharTr', 'varchar(50)', {'collation': TURKISH}, [('Ağrı İğne',) * 2, ('',) * 2, (None, None)]),
    ('VarCharRo', 'varchar(50)', {'collation': 'Romanian_CI_AS'}, [('ţară şi',) * 2, ('x',) * 2, (None, None)]),
    ('VarCharJa', 'varchar(50)', {'collation': 'Japanese_CI_AS'}, [('歯周病',) * 2, ('ｱ',) * 2, (None, None)]),
    ('VarCharU8', 'varchar(50)', {'collation': 'Latin1_General_100_CI_AS_SC_UTF8'}, [('歯 🦷',) * 2, ('',) * 2, (None, None)]),
    ('VarCharMax', 'varchar(max)', {'collation': TURKISH}, [(LONG * 30,) * 2, (LONG * 20000,) * 2, ('',) * 2]),
    ('VarCharMaxJa', 'varchar(max)', {'collation': 'Japanese_CI_AS'}, [('a' + '歯' * 200000,) * 2, ('歯',) * 2, (None, None)]),
    ('VarCharMaxU8', 'varchar(max)', {'collation': 'Latin1_General_100_CI_AS_SC_UTF8'}, [('ab' + '🦷' * 100000,) * 2, ('',) * 2, (None, None)]),
    ('Text', 'text', {}, [('one\r\ntwo "three"',) * 2, ('x' * 300000,) * 2, (None, None)]),
    ('NChar', 'nchar(5)', {}, [('歯🦷  ',) * 2, ('     ',) * 2, (None, None)]),
    ('NVarChar', 'nvarchar(100)', {}, [('Ω ≈ ç 🦷',) * 2, ('',) * 2, ('NULL',) * 2]),
    ('NVarCharMax', 'nvarchar(max)', {}, [('z' + '🦷' * 150000,) * 2, ('',) * 2, (None, None)]),
    ('NText', 'ntext', {}, [(LONG * 3,) * 2, (LONG * 9000,) * 2, (None, None)]),
    ('Xml', 'xml', {}, [('<a b="1">ş &lt; &amp;</a>',) * 2, ('<long>' + 'y' * 100000 + '</long>',) * 2, (None, None)]),
    ('Binary', 'binary(4)', {}, [('0x00ff00ff',) * 2, ('0x00000000',) * 2, (None, None)]),
    ('VarBinary', 'varbinary(20)', {}, [('0x0102', '0x0102'), ('0x', '0x'), (None, None)]),
    ('VarBinaryMax', 'varbinary(max)', {}, [('0x' + 'ab' * 700000,) * 2, ('0x', '0x'), (None, None)]),
    ('Image', 'image', {}, [('0x' + '89504e47' * 20,) * 2, ('0x' + '00ff' * 40000,) * 2, (None, None)]),
    ('RowVersion', 'rowversion', {}, [('0x00000000000007d1',) * 2, ('0xffffffffffffffff',) * 2, ('0x0000000000000001',) * 2]),
    ('Hierarchy', 'hierarchyid', {}, [('0x5ac0', '/1/1/'), ('0x', '/'), (None, None)]),
    # SRID 4326, version 1, point and valid and single; x y as doubles
    ('Geometry', 'geometry', {}, [('0xe6100000010c000000000000f03f0000000000000040', 'POINT (1 2)'), (None, None), (None, None)]),
    ('Geography', 'geography', {}, [('0xe6100000010c0000000000804640000000000080 5640'.replace(' ', ''), 'POINT (90 45)'), (None, None), (None, None)]),
    ('Alias', 'nvarchar(20)', {'user_type': 257, 'type_schema': 'dbo', 'type_name': 'PhoneNumber'}, [('+90 212',) * 2, (None, None), ('',) * 2]),
    ('Odd ] name', 'int', {}, [('1', '1'), ('2', '2'), (None, None)]),
    ('Sparse', 'int', {'sparse': True}, [(None, None), ('7', '7'), (None, None)]),
    ('Stored', 'int', {'computed': True, 'persisted': True}, [('1', '1'), ('2', '2'), ('3', '3')]),
]
VARIANTS = [({'type': 'int', 'value': '-5'}, '-5'), ({'type': 'tinyint', 'value': '200'}, '200'), ({'type': 'bigint', 'value': '9223372036854775807'}, '9223372036854775807'),
            ({'type': 'bit', 'value': '1'}, '1'), ({'type': 'decimal(9,2)', 'value': '-12.50'}, '-12.50'), ({'type': 'numeric(38,5)', 'value': '1.00001'}, '1.00001'),
            ({'type': 'money', 'value': '-3.2500'}, '-3.2500'), ({'type': 'smallmoney', 'value': '3.2500'}, '3.2500'), ({'type': 'float', 'value': '0.1'}, '0.1'),
            ({'type': 'real', 'value': '0.1'}, '0.1'), ({'type': 'datetime', 'value': '2024-02-29 13:05:09.120'}, '2024-02-29 13:05:09.120'),
            ({'type': 'smalldatetime', 'value': '2024-02-29 13:05:00'}, '2024-02-29 13:05:00'), ({'type': 'date', 'value': '2024-02-29'}, '2024-02-29'),
            ({'type': 'time(3)', 'value': '13:05:09.123'}, '13:05:09.123'), ({'type': 'datetime2(7)', 'value': '2024-02-29 13:05:09.1234567'}, '2024-02-29 13:05:09.1234567'),
            ({'type': 'datetimeoffset(0)', 'value': '2024-02-29 13:05:09 +02:00'}, '2024-02-29 13:05:09 +02:00'),
            ({'type': 'uniqueidentifier', 'value': '6F9619FF-8B86-D011-B42D-00C04FC964FF'}, '6F9619FF-8B86-D011-B42D-00C04FC964FF'),
            ({'type': 'varbinary(10)', 'value': '0x0a0b'}, '0x0a0b'), ({'type': 'varchar(20)', 'value': 'şeker', 'collation': TURKISH}, 'şeker'),
            ({'type': 'char(4)', 'value': 'ab  '}, 'ab  '), ({'type': 'nvarchar(20)', 'value': '歯🦷'}, '歯🦷'), (None, None)]


def described():
    """(description for database.py, {table: rows as the CSV has them})."""
    columns = [dict(extra, name=name, type=kind) for name, kind, extra, _ in COLUMNS]
    rows = [[str(i + 1) if v is None else v[i][0] for _, _, _, v in COLUMNS] for i in range(3)]
    texts = [[str(i + 1) if v is None else v[i][1] for _, _, _, v in COLUMNS] for i in range(3)]
    variant = {'schema': 'dbo', 'name': 'Variants', 'primary': ['Id'], 'columns': [{'name': 'Id', 'type': 'int'}, {'name': 'V', 'type': 'sql_variant'}],
               'rows': [[str(i), v] for i, (v, _) in enumerate(VARIANTS)]}
    every = {'schema': 'dbo', 'name': 'Every', 'primary': ['Id'], 'columns': columns, 'rows': rows}
    # Rows found again by text, by several columns, and by their place alone.
    keyed = {'schema': 'odd schema', 'name': 'Keyed.by', 'primary': ['Name', 'Part'],
             'columns': [{'name': 'Name', 'type': 'nvarchar(30)'}, {'name': 'Part', 'type': 'decimal(5,1)'}, {'name': 'Doc', 'type': 'varbinary(max)'}],
             'rows': [['O\'Brien ]', '1.5', '0x' + '01' * 70000], ['歯', '2.0', '0x' + '02' * 300000]]}
    heap = {'schema': 'dbo', 'name': 'Heap', 'columns': [{'name': 'Doc', 'type': 'image'}, {'name': 'Skipped', 'type': 'int', 'computed': True}],
            'rows': [['0x' + '03' * 80000, '1'], ['0x' + '04' * 65536, '1'], ['0x' + '05' * 65537, '1']]}
    empty = {'schema': 'dbo', 'name': 'Empty', 'columns': [{'name': 'A', 'type': 'int'}], 'rows': []}
    child = {'schema': 'dbo', 'name': 'Child', 'primary': ['A'], 'columns': [{'name': 'A', 'type': 'int'}, {'name': 'E', 'type': 'int'}],
             'foreign': [{'columns': ['E'], 'schema': 'dbo', 'table': 'Every', 'references': ['Id']}], 'rows': [['1', '3']]}
    truth = {'dbo.Every': texts, 'dbo.Variants': [[str(i), t] for i, (_, t) in enumerate(VARIANTS)],
             'odd schema.Keyed.by': keyed['rows'], 'dbo.Heap': [r[:1] for r in heap['rows']], 'dbo.Empty': [], 'dbo.Child': child['rows']}
    return {'database': 'Every', 'tables': [every, variant, keyed, heap, empty, child]}, truth
