"""A practice in which, between two backups, one table stays as it is and every seventh row of the other changes, as a specification for
bakgen."""


def spec(rows):
    table = '''table dbo.%s %d
column Id int not null seq
column Text nvarchar(200) text 40..120
primary Id
'''
    return 'database Repair\n' + ''.join(table % (name, rows) for name in ('Quiet', 'Busy')) + 'updated 7\n'
