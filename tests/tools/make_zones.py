#!/usr/bin/env python3
"""Writes src/base/zone_changes.h and zone_names.h: when the clocks of the zones listed here changed, 1980 to 2037.

    make_zones.py src/base
    make_zones.py --check src/base

The changes come from the time zone database (IANA, public domain) as this system has it; its version stands in the table
and in what the program prints. --check says nothing when the system has another version. Windows' names of zones are
those that Unicode's CLDR gives for the territories concerned.
"""
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1980, 2037

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
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
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
            found.append((int((high - epoch) / minute), after))
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


def packed(cells):
    """Lines of at most 120 columns."""
    lines = ['   ']
    for cell in cells:
        if len(lines[-1]) + len(cell) + 2 > 120:
            lines.append('   ')
        lines[-1] += (' ' if lines[-1] == '   ' else '') + cell + ','
    return lines if cells else []


def header(guard, lines):
    return '\n'.join([
        '/* Made by tests/tools/make_zones.py, which says where the changes come from. Do not edit. */',
        '#ifndef BASE_%s_H' % guard, '#define BASE_%s_H' % guard, '', '#include <stdint.h>', '',
        *lines, '', '#endif', ''])


def files():
    """{name: text}"""
    lists, zone_list = {}, {}
    for zone in ZONES:
        first, found = changes(zone)
        zone_list[zone] = lists.setdefault((first, tuple(found)), len(lists))
    table = [
        '#define ZONE_TABLES_VERSION "%s"' % version(), '',
        'enum { ZONE_FIRST_YEAR = %d, ZONE_LAST_YEAR = %d };' % (FIRST_YEAR, LAST_YEAR), '',
        '/* clang-format off */',
        '/* Minutes since 1970 in UTC; minutes that local time is ahead of UTC from then on. */',
        'static const struct zone_change { int32_t at; int16_t offset; } zone_change[] = {']
    ranges, total = [], 0
    for first, found in lists:
        ranges.append('{%d, %d, %d},' % (total, len(found), first))
        total += len(found)
        cells = ['{%d,%d}' % c for c in found]
        table += packed(cells)
    table += ['};', '/* The changes of a zone, and its offset before the first. */',
              'static const struct zone_list { uint16_t first, count; int16_t offset; } zone_list[] = {']
    table += ['    ' + ' '.join(ranges[i:i + 6]) for i in range(0, len(ranges), 6)]
    table += ['};', '/* clang-format on */']
    entries = ['/* A name, the one it has in the database, its list in zone_changes.h. */', '/* clang-format off */',
               'static const struct zone_entry { const char *name, *canonical; uint16_t list; } zone_entry[] = {']
    entries += ['    {"%s", "%s", %d},' % (name, zone, zone_list[zone]) for name, zone in names()]
    entries += ['};', '/* clang-format on */']
    return {'zone_changes.h': header('ZONE_CHANGES', table), 'zone_names.h': header('ZONE_NAMES', entries)}


def main():
    if version() is None:
        sys.exit('this system has no time zone database with a version')
    folder = Path(sys.argv[-1])
    if sys.argv[1] != '--check':
        for name, text in files().items():
            (folder / name).write_text(text)
    elif '"%s"' % version() not in (folder / 'zone_changes.h').read_text():
        print('the tables are of another version than this system (%s): not compared' % version())
        sys.exit(77)
    elif any((folder / name).read_text() != text for name, text in files().items()):
        sys.exit('the tables are not what this tool makes')


if __name__ == '__main__':
    main()
