#!/usr/bin/env python3
"""The test server speaks the protocol: a client that is not FreeTDS (tedious, npm) reads each type from it, over TLS.

usage: test_client.py --node-modules DIR     exit 77: the client is not there (cmake --build BUILD --target tds_client)
"""
import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import served  # noqa: E402
import every_type  # noqa: E402  (beside the server, which served puts on the path)


def ask(modules, room, s, statements, **more):
    words = dict({'modules': str(modules), 'port': s.port, 'database': 'Every', 'user': served.USER, 'password': served.PASSWORD,
                  'ca': str(room.path / 'good.pem'), 'statements': statements}, **more)
    run = subprocess.run(['node', str(HERE / 'client.js'), json.dumps(words)], capture_output=True, text=True, encoding='utf-8', timeout=60, check=False)
    if run.returncode or not run.stdout:
        sys.exit('the client failed: ' + run.stdout + run.stderr)
    return json.loads(run.stdout)


def same(name, kind, got, wanted):
    """Whether the client's form of a value is that of the text; it keeps thousandths of a second and 53 bits of a number."""
    if wanted is None or got is None:
        return wanted is got
    kind = kind.split('(')[0]
    if kind in ('tinyint', 'smallint', 'int', 'float', 'real'):
        return abs(float(got) - float(wanted)) <= 1e-6 * abs(float(wanted))
    if kind == 'bigint':
        return str(got) == wanted
    if kind in ('decimal', 'numeric', 'money', 'smallmoney'):
        return abs(float(got) - float(wanted)) <= 1e-9 * abs(float(wanted))
    if kind == 'bit':
        return got == (wanted == '1')
    if kind == 'uniqueidentifier':
        return got == wanted
    if kind in ('datetime', 'datetime2', 'smalldatetime'):
        return got[:19].replace('T', ' ') == wanted[:19] and (kind == 'smalldatetime' or abs(int(got[20:23]) - int((wanted + '000')[20:23])) <= 1)
    if kind == 'date':
        return got[:10] == wanted
    if kind == 'time':
        return got[11:19] == wanted[:8]
    if kind == 'datetimeoffset':
        return got.endswith('Z')  # its own text is in UTC; the type came through
    return got == wanted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--node-modules', required=True)
    modules = Path(parser.parse_args().node_modules)
    if not (modules / 'tedious').is_dir() or not shutil.which('node'):
        print('skipped: no tedious')
        return 77
    room, wrong = served.Room(), []
    described, truth = every_type.described()
    plain = [(name, kind) for name, kind, _, _ in every_type.COLUMNS
             if kind.split('(')[0] not in ('xml', 'text', 'ntext', 'image', 'hierarchyid', 'geometry', 'geography') and '(max)' not in kind
             and not name.startswith('VarChar')]
    large = [(name, kind) for name, kind, _, _ in every_type.COLUMNS if '(max)' in kind or kind in ('image', 'xml')]

    def quoted(name):
        return '[' + name.replace(']', ']]') + ']'
    statements = ['SELECT %s FROM [dbo].[Every]' % ', '.join(quoted(n) for n, _ in plain),
                  'SELECT %s FROM [dbo].[Every]' % ', '.join('CAST(%s AS varbinary(max))' % quoted(n) for n, _ in large),
                  "SELECT CAST(t.object_id AS bigint) AS id, CAST(CAST(t.name AS nvarchar(260)) AS varbinary(520)) AS table_name FROM sys.tables AS t",
                  'SELECT [Id] FROM [dbo].[Nothing]', 'DELETE FROM [dbo].[Every]', 'SELECT [Id] FROM [dbo].[Empty]', 'SELECT [A] FROM [dbo].[Empty]',
                  'SELECT [Id] FROM [dbo].[Variants]']
    with served.serving(room, dict(described, logins={served.USER: served.PASSWORD})) as s:
        answers = ask(modules, room, s, statements)['answers']
        refused = ask(modules, room, s, [], password='wrong')
        strangers = ask(modules, room, s, [], ca=str(room.path / 'other.pem'))
        said = s.said()
    names = [n for n, _, _, _ in every_type.COLUMNS]
    for row, texts in zip(answers[0]['rows'], truth['dbo.Every']):
        for (name, kind), got in zip(plain, row):
            if not same(name, kind, got, texts[names.index(name)]):
                wrong.append('%s: %r is not %r' % (name, got, texts[names.index(name)]))
    for row, stored in zip(answers[1]['rows'], described['tables'][0]['rows']):
        for (name, _), got in zip(large, row):
            wanted = stored[names.index(name)]
            if (got is None) != (wanted is None) or (wanted or '').startswith('0x') and got != wanted:
                wrong.append('%s: the bytes of a large value differ' % name)
    if len(answers[0]['rows']) != 3 or answers[0]['count'] != 3: wrong.append('three rows were to come')
    if [bytes.fromhex(r[1][2:]).decode('utf-16le') for r in answers[2]['rows']] != [t['name'] for t in described['tables']]: wrong.append('names of tables')
    if [a.get('error') for a in answers[3:6]] != [208, 262, 207]: wrong.append('errors: %r' % answers[3:6])
    if answers[6].get('rows') != [] or answers[7].get('count') != len(every_type.VARIANTS): wrong.append('counts of rows')
    if refused != {'refused': 'ELOGIN'}: wrong.append('a wrong password: %r' % refused)
    if strangers.get('refused') != 'ESOCKET': wrong.append('a strange certificate: %r' % strangers)
    logins = [x for x in said if 'login' in x]
    if not all(x['encrypted'] for x in logins) or not logins[0]['read_only']: wrong.append('logins: %r' % logins)
    room.close()
    for w in wrong:
        print(w)
    print('%d columns of %d rows, %d wrong' % (len(plain) + len(large), 3, len(wrong)))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
