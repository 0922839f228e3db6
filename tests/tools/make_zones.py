#!/usr/bin/env python3
"""Writes src/base/zone_tables.h: when the clocks of the zones listed here changed, 1970 to 2037.

    make_zones.py > src/base/zone_tables.h
    make_zones.py --check src/base/zone_tables.h

The changes come from the time zone database (IANA, public domain) as this system has it; its version stands in the table
and in what the program prints. --check says nothing when the system has another version. Windows' names of zones are
those that Unicode's CLDR gives for the territories concerned.
"""
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2037

# Zone: further names, of the database itself and of Windows.
ZONES = {
    'UTC': 'Etc/UTC Etc/GMT Zulu;UTC;Coordinated Universal Time',
    # United States and its territories
    'America/New_York': 'US/Eastern EST5EDT;Eastern Standard Time',
    'America/Detroit': 'US/Michigan;',
    'America/Kentucky/Louisville': 'America/Louisville;',
    'America/Kentucky/Monticello': '',
    'America/Indiana/Indianapolis': 'America/Indianapolis US/East-Indiana America/Fort_Wayne;US Eastern Standard Time',
    'America/Indiana/Vincennes': '', 'America/Indiana/Winamac': '', 'America/Indiana/Marengo': '',
    'America/Indiana/Petersburg': '', 'America/Indiana/Vevay': '', 'America/Indiana/Tell_City': '',
    'America/Indiana/Knox': 'US/Indiana-Starke;',
    'America/Chicago': 'US/Central CST6CDT;Central Standard Time',
    'America/Menominee': '', 'America/North_Dakota/Center': '', 'America/North_Dakota/New_Salem': '',
    'America/North_Dakota/Beulah': '',
    'America/Denver': 'US/Mountain MST7MDT America/Shiprock Navajo;Mountain Standard Time',
    'America/Boise': '',
    'America/Phoenix': 'US/Arizona MST;US Mountain Standard Time',
    'America/Los_Angeles': 'US/Pacific PST8PDT;Pacific Standard Time',
    'America/Anchorage': 'US/Alaska;Alaskan Standard Time',
    'America/Juneau': '', 'America/Sitka': '', 'America/Metlakatla': '', 'America/Yakutat': '', 'America/Nome': '',
    'America/Adak': 'US/Aleutian America/Atka;Aleutian Standard Time',
    'Pacific/Honolulu': 'US/Hawaii HST;Hawaiian Standard Time',
    'America/Puerto_Rico': 'America/St_Thomas America/Virgin;SA Western Standard Time',
    'Pacific/Guam': 'Pacific/Saipan;West Pacific Standard Time',
    'Pacific/Pago_Pago': 'US/Samoa Pacific/Samoa;UTC-11',
    # Canada
    'America/St_Johns': 'Canada/Newfoundland;Newfoundland Standard Time',
    'America/Halifax': 'Canada/Atlantic;Atlantic Standard Time',
    'America/Glace_Bay': '', 'America/Moncton': '', 'America/Goose_Bay': '',
    'America/Toronto': 'Canada/Eastern America/Montreal;',
    'America/Iqaluit': '',
    'America/Winnipeg': 'Canada/Central;',
    'America/Regina': 'Canada/Saskatchewan;Canada Central Standard Time',
    'America/Edmonton': 'Canada/Mountain America/Yellowknife;',
    'America/Vancouver': 'Canada/Pacific;',
    'America/Whitehorse': 'Canada/Yukon;Yukon Standard Time',
    # Turkey
    'Europe/Istanbul': 'Asia/Istanbul Turkey;Turkey Standard Time',
    # Europe
    'Europe/London': 'GB Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle_of_Man;GMT Standard Time',
    'Europe/Dublin': 'Eire;',
    'Europe/Lisbon': 'Portugal;', 'Atlantic/Madeira': '', 'Atlantic/Azores': ';Azores Standard Time',
    'Europe/Madrid': '', 'Atlantic/Canary': '',
    'Europe/Paris': ';Romance Standard Time',
    'Europe/Brussels': '', 'Europe/Amsterdam': '', 'Europe/Luxembourg': '',
    'Europe/Berlin': 'Europe/Busingen;W. Europe Standard Time',
    'Europe/Zurich': '', 'Europe/Vienna': '', 'Europe/Rome': 'Europe/Vatican Europe/San_Marino;',
    'Europe/Malta': '', 'Europe/Copenhagen': '', 'Europe/Oslo': '', 'Europe/Stockholm': '',
    'Europe/Warsaw': 'Poland;Central European Standard Time',
    'Europe/Budapest': ';Central Europe Standard Time',
    'Europe/Prague': 'Europe/Bratislava;',
    'Europe/Belgrade': 'Europe/Ljubljana Europe/Zagreb Europe/Sarajevo Europe/Skopje Europe/Podgorica;',
    'Europe/Helsinki': 'Europe/Mariehamn;FLE Standard Time',
    'Europe/Tallinn': '', 'Europe/Riga': '', 'Europe/Vilnius': '',
    'Europe/Kyiv': 'Europe/Kiev;',
    'Europe/Bucharest': ';GTB Standard Time',
    'Europe/Sofia': '', 'Europe/Athens': '', 'Asia/Nicosia': 'Europe/Nicosia;',
}


def version():
    for path in ('/usr/share/zoneinfo/tzdata.zi', '/usr/share/zoneinfo/+VERSION'):
        if Path(path).exists():
            m = re.match(r'(?:# version )?(\d{4}[a-z]+)', Path(path).read_text().splitlines()[0])
            if m:
                return m[1]
    return None


def offset(zone, moment):
    """Minutes that local time is ahead of UTC."""
    seconds = moment.astimezone(zone).utcoffset().total_seconds()
    assert seconds % 60 == 0, (zone, moment)
    return int(seconds // 60)


def changes(name):
    """(offset at the beginning, [(minutes since 1970, new offset)])"""
    zone = ZoneInfo(name)
    minute, day = timedelta(minutes=1), timedelta(days=1)
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=timezone.utc)
    end = datetime(LAST_YEAR + 1, 1, 1, tzinfo=timezone.utc)
    first = last = offset(zone, start)
    found, at = [], start
    while at < end:
        after = offset(zone, at + day)
        if after != last:
            low, high = at, at + day
            while high - low > minute:
                middle = low + (high - low) // minute // 2 * minute
                low, high = (middle, high) if offset(zone, middle) == last else (low, middle)
            found.append((int((high - start) / minute), after))
            last = after
        at += day
    return first, found


def names():
    """(name, its zone), sorted as C compares them without case."""
    found = {}
    for zone, more in ZONES.items():
        own, _, windows = more.partition(';')
        for name in [zone, *own.split(), *filter(None, windows.split(';'))]:
            assert found.setdefault(name.lower(), (name, zone))[1] == zone, name
    return [found[k] for k in sorted(found)]


def header():
    lists, zone_list = {}, {}
    for zone in ZONES:
        first, found = changes(zone)
        key = (first, tuple(found))
        zone_list[zone] = lists.setdefault(key, len(lists))
    yield '/* Made by tests/tools/make_zones.py, which says where the changes come from. Do not edit. */'
    yield '#ifndef BASE_ZONE_TABLES_H'
    yield '#define BASE_ZONE_TABLES_H'
    yield ''
    yield '#include <stdint.h>'
    yield ''
    yield '#define ZONE_TABLES_VERSION "%s"' % version()
    yield ''
    yield 'enum { ZONE_FIRST_YEAR = %d, ZONE_LAST_YEAR = %d };' % (FIRST_YEAR, LAST_YEAR)
    yield ''
    yield '/* clang-format off */'
    yield '/* Minutes since 1970 in UTC; minutes that local time is ahead of UTC from then on. */'
    yield 'static const struct zone_change { int32_t at; int16_t offset; } zone_change[] = {'
    begins = []
    total = 0
    for first, found in lists:
        begins.append((total, len(found), first))
        total += len(found)
        cells = ['{%d,%d}' % c for c in found]
        for i in range(0, len(cells), 8):
            yield '    ' + ','.join(cells[i:i + 8]) + ','
    yield '};'
    yield '/* The changes of a zone, and its offset before the first. */'
    yield 'static const struct zone_list { uint16_t first, count; int16_t offset; } zone_list[] = {'
    for i in range(0, len(begins), 8):
        yield '    ' + ' '.join('{%d, %d, %d},' % b for b in begins[i:i + 8])
    yield '};'
    yield '/* Sorted without letter case. */'
    yield 'static const struct zone_entry { const char *name, *canonical; uint16_t list; } zone_entry[] = {'
    for name, zone in names():
        yield '    {"%s", "%s", %d},' % (name, zone, zone_list[zone])
    yield '};'
    yield '/* clang-format on */'
    yield ''
    yield '#endif'


def main():
    if version() is None:
        sys.exit('this system has no time zone database with a version')
    if sys.argv[1:2] == ['--check']:
        have = Path(sys.argv[2]).read_text()
        if '"%s"' % version() not in have:
            print('the table is of another version than this system (%s): not compared' % version())
            sys.exit(77)
        sys.exit(0 if have == '\n'.join(header()) + '\n' else 'the table is not what this tool makes')
    print('\n'.join(header()))


if __name__ == '__main__':
    main()
