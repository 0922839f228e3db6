"""A Dynamics bundle held against what Dataverse takes, by code that shares nothing with the program: xml.etree, zipfile, csv.

The facts are those of destinations for Dataverse: types and limits of columns, where relationships stand, names, masks,
option values, the grammar of data maps, files that the import wizard takes. check(folder) gives a list of what is wrong.
"""
import collections
import csv
import io
import pathlib
import re
import xml.etree.ElementTree as ET
import zipfile

csv.field_size_limit(1 << 30)

FILE_MAX, ZIP_MAX, UNPACKED_MAX = 8 << 20, 32 << 20, 200 << 20
NAME_MAX = 50
STANDARD_TABLES = {'contact', 'account', 'appointment', 'task', 'annotation', 'systemuser'}
# Columns that every organization has: display name in English, kind, longest text.
ADDRESS = {'address1_line1': ('Address 1: Street 1', 'text', 250), 'address1_line2': ('Address 1: Street 2', 'text', 250),
           'address1_city': ('Address 1: City', 'text', 80),
           'address1_stateorprovince': ('Address 1: State/Province', 'text', 50),
           'address1_postalcode': ('Address 1: ZIP/Postal Code', 'text', 20),
           'address1_country': ('Address 1: Country/Region', 'text', 80)}
OWNED = {'ownerid': ('Owner', 'link', 0), 'overriddencreatedon': ('Record Created On', 'moment', 0)}
STANDARD = {
    'contact': {'lastname': ('Last Name', 'text', 50), 'firstname': ('First Name', 'text', 50),
                'middlename': ('Middle Name', 'text', 50), 'suffix': ('Suffix', 'text', 10),
                'salutation': ('Salutation', 'text', 100), 'nickname': ('Nickname', 'text', 100),
                'birthdate': ('Birthday', 'day', 0), 'gendercode': ('Gender', 'choice', 0),
                'emailaddress1': ('Email', 'text', 100), 'telephone1': ('Business Phone', 'text', 50),
                'telephone2': ('Home Phone', 'text', 50), 'telephone3': ('Telephone 3', 'text', 50),
                'mobilephone': ('Mobile Phone', 'text', 50), 'jobtitle': ('Job Title', 'text', 100),
                'description': ('Description', 'text', 2000), **ADDRESS, **OWNED},
    'account': {'name': ('Account Name', 'text', 160), 'telephone1': ('Main Phone', 'text', 50), 'fax': ('Fax', 'text', 50),
                'emailaddress1': ('Email', 'text', 100), 'parentaccountid': ('Parent Account', 'link', 0), **ADDRESS,
                **OWNED},
    'appointment': {'subject': ('Subject', 'text', 200), 'regardingobjectid': ('Regarding', 'link', 0),
                    'scheduledstart': ('Start Time', 'moment', 0), 'scheduledend': ('End Time', 'moment', 0),
                    'location': ('Location', 'text', 200), 'description': ('Description', 'text', 2000), **OWNED},
    'task': {'subject': ('Subject', 'text', 200), 'category': ('Category', 'text', 250),
             'regardingobjectid': ('Regarding', 'link', 0), 'scheduledstart': ('Start Date', 'moment', 0),
             'scheduledend': ('Due Date', 'moment', 0), 'description': ('Description', 'text', 2000), **OWNED},
    'annotation': {'subject': ('Title', 'text', 500), 'notetext': ('Description', 'text', 100000),
                   'objectid': ('Regarding', 'link', 0), 'documentbody': ('Document', 'text', 255),
                   'filename': ('File Name', 'text', 255), 'mimetype': ('Mime Type', 'text', 256), **OWNED},
    'systemuser': {'internalemailaddress': ('Primary Email', 'text', 100), 'fullname': ('Full Name', 'text', 200)},
}
GENDERS = {'Male': 1, 'Female': 2}
SECTIONS = ['Entities', 'Roles', 'Workflows', 'FieldSecurityProfiles', 'Templates', 'EntityMaps', 'EntityRelationships',
            'OrganizationSettings', 'optionsets', 'CustomControls', 'EntityDataProviders', 'Languages']
KINDS = {'nvarchar': 'text', 'ntext': 'text', 'int': 'int', 'decimal': 'decimal', 'datetime': None,
         'picklist': 'choice', 'lookup': 'link'}
GUID = re.compile(r'\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$')


class Column:
    def __init__(self, kind, label, length=0, accuracy=0, options=None, target=None):
        self.kind, self.label, self.length, self.accuracy = kind, label, length, accuracy
        self.options, self.target = options or {}, target


class Checker:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.wrong = []
        self.tables = {}      # logical name -> {column: Column}, of the solution
        self.new = set()
        self.keys = {}        # table -> column of its alternate key
        self.prefix = ''

    def say(self, *words):
        self.wrong.append(' '.join(str(w) for w in words))

    def expect(self, good, *words):
        if not good:
            self.say(*words)

    # ---- the solution ----

    def solution(self, path, screens):
        name = path.name
        try:
            with zipfile.ZipFile(path) as z:
                members = z.namelist()
                files = {m: z.read(m) for m in members}
                self.expect(z.testzip() is None, name, 'has a broken member')
        except zipfile.BadZipFile as e:
            self.say(name, e)
            return
        self.expect(sorted(members) == ['[Content_Types].xml', 'customizations.xml', 'solution.xml'], name, members)
        types = ET.fromstring(files['[Content_Types].xml'])
        self.expect(types.tag == '{http://schemas.openxmlformats.org/package/2006/content-types}Types', name, types.tag)
        self.expect([t.get('Extension') for t in types] == ['xml'], name, 'content types')
        components = self.manifest(ET.fromstring(files['solution.xml']), name)
        self.customizations(ET.fromstring(files['customizations.xml']), components, screens, name)

    def manifest(self, root, name):
        self.expect(root.tag == 'ImportExportXml' and root.get('SolutionPackageVersion') == '9.2', name, 'solution.xml root')
        m = root.find('SolutionManifest')
        order = [c.tag for c in m]
        self.expect(order == ['UniqueName', 'LocalizedNames', 'Descriptions', 'Version', 'Managed', 'Publisher',
                              'RootComponents', 'MissingDependencies'], name, order)
        self.expect(re.fullmatch(r'[A-Za-z][A-Za-z0-9_]*', m.findtext('UniqueName')), name, 'unique name')
        self.expect(re.fullmatch(r'\d+\.\d+\.\d+\.\d+', m.findtext('Version')), name, 'version')
        self.expect(m.findtext('Managed') == '0', name, 'managed')
        p = m.find('Publisher')
        self.prefix = p.findtext('CustomizationPrefix')
        self.expect(re.fullmatch(r'[a-z][a-z0-9]{1,7}', self.prefix) and not self.prefix.startswith('mscrm'), name,
                    'prefix', self.prefix)
        self.base = int(p.findtext('CustomizationOptionValuePrefix'))
        self.expect(10000 <= self.base <= 99999, name, 'option prefix', self.base)
        self.expect(self.prefix != 'new' or self.base == 10000, name, 'option prefix of new')
        self.expect(len(p.findall('Addresses/Address')) == 2, name, 'addresses')
        found = {}
        for c in m.findall('RootComponents/RootComponent'):
            self.expect(c.get('type') == '1' and c.get('schemaName') == c.get('schemaName').lower(), name, c.attrib)
            self.expect(c.get('schemaName') not in found, name, c.get('schemaName'), 'is there twice')
            found[c.get('schemaName')] = c.get('behavior')
        return found

    def customizations(self, root, components, screens, name):
        self.expect([c.tag for c in root] == SECTIONS, name, [c.tag for c in root])
        self.expect([x.text for x in root.findall('Languages/Language')] == ['1033'], name, 'languages')
        self.tables, self.new, self.keys = {}, set(), {}
        self.sets, self.ids = set(), set()
        for e in root.findall('Entities/Entity'):
            self.entity(e, components, screens, name)
        self.expect(set(self.tables) == set(components), name, 'components and tables differ',
                    set(self.tables) ^ set(components))
        self.relations(root.find('EntityRelationships'), name)
        for table, columns in self.tables.items():
            for column, c in columns.items():
                self.expect(c.kind != 'link' or c.target, name, table, column, 'has no relationship')

    def entity(self, e, components, screens, name):
        schema = e.findtext('Name')
        table = schema.lower()
        entity = e.find('EntityInfo/entity')
        self.expect(entity.get('Name') == schema, name, schema, entity.get('Name'))
        is_new = table.startswith(self.prefix + '_')
        self.expect(is_new or table in STANDARD_TABLES, name, table, 'is no table of this publisher')
        codes = {'account': '1', 'contact': '2', 'systemuser': '8', 'appointment': '4201', 'task': '4212'}
        self.expect(e.findtext('ObjectTypeCode') == codes.get(table), name, table, 'object type code')
        self.expect(components.get(table) == ('0' if is_new else '2'), name, table, 'behavior', components.get(table))
        self.expect((entity.get('unmodified') == '1') == (not is_new), name, table, 'unmodified')
        self.expect(len(table) <= NAME_MAX, name, table, 'is too long a name')
        tags = [c.tag for c in entity]
        self.expect(len(tags) == len(set(tags)), name, table, 'has an element twice')
        columns, primaries = {}, 0
        for a in entity.findall('attributes/attribute'):
            primaries += self.attribute(a, table, is_new, columns, name)
        self.expect(primaries == (1 if is_new else 0), name, table, primaries, 'primary names')
        labels = collections.Counter(c.label.casefold() for c in columns.values())
        standard = OWNED if is_new else STANDARD.get(table, {})
        labels.update(label.casefold() for label, _, _ in standard.values())
        self.expect(all(n == 1 for n in labels.values()), name, table, 'shares display names',
                    [k for k, n in labels.items() if n > 1])
        if is_new:
            self.new.add(table)
            self.expect(entity.findtext('EntitySetName') == table + 's', name, table, 'entity set')
            self.expect(entity.findtext('OwnershipTypeMask') == 'UserOwned', name, table, 'ownership')
            self.expect(len(tags) > 50 and 'LocalizedNames' in tags and 'LocalizedCollectionNames' in tags, name, table,
                        'flags')
            self.expect(entity.find('HasNotes') is None and entity.find('HasActivities') is None, name, table, 'HasNotes')
        for k in entity.findall('EntityKeys/EntityKey'):
            names = [x.text for x in k.findall('EntityKeyAttributes/AttributeName')]
            self.expect(len(names) == 1 and names[0] in columns and columns[names[0]].length <= 450, name, table, names)
            self.expect(k.findtext('LogicalName') == k.findtext('Name').lower(), name, table, 'key name')
            self.keys[table] = names[0]
        self.expect(table in self.keys or not is_new, name, table, 'has no key')
        self.tables[table] = columns
        self.screens(e, table, is_new and screens, columns, name)

    def attribute(self, a, table, is_new, columns, name):
        logical = a.findtext('LogicalName')
        where = (name, table, logical)
        self.expect(logical == a.findtext('Name') == a.get('PhysicalName').lower(), *where, 'names differ')
        self.expect(re.fullmatch(re.escape(self.prefix) + r'_[a-z0-9_]+', logical), *where, 'is no name')
        self.expect(len(logical) <= NAME_MAX, *where, 'is too long a name')
        self.expect(logical != table + 'id' and logical not in columns, *where, 'is taken')
        kind = a.findtext('Type')
        self.expect(kind in KINDS, *where, 'type', kind)
        primary = 'PrimaryName' in a.findtext('DisplayMask')
        wanted = 'ValidForAdvancedFind|ValidForForm|ValidForGrid'
        self.expect(a.findtext('DisplayMask') == ('PrimaryName|' + wanted + '|RequiredForForm' if primary else wanted),
                    *where, 'mask')
        self.expect(a.findtext('RequiredLevel') in ('none', 'recommended', 'required'), *where, 'required level')
        for flag in ('ValidForUpdateApi', 'ValidForReadApi', 'ValidForCreateApi', 'IsCustomField'):
            self.expect(a.findtext(flag) == '1', *where, flag)
        c = Column(KINDS.get(kind), a.find('displaynames/displayname').get('description'))
        self.expect(c.label and '"' not in c.label and '\n' not in c.label, *where, 'display name', c.label)
        if kind == 'nvarchar':
            c.length = int(a.findtext('MaxLength'))
            self.expect(0 < c.length <= 4000 and int(a.findtext('Length')) == 2 * c.length, *where, 'length')
            self.expect(a.findtext('Format') in ('text', 'email', 'phone', 'url'), *where, 'format')
        elif kind == 'ntext':
            c.length = int(a.findtext('MaxLength'))
            self.expect(0 < c.length <= 1048576 and a.findtext('Format') == 'textarea', *where, 'memo')
        elif kind == 'int':
            self.expect(a.findtext('Format') == 'none' and int(a.findtext('MinValue')) >= -2147483648 and
                        int(a.findtext('MaxValue')) <= 2147483647, *where, 'range')
        elif kind == 'decimal':
            c.accuracy = int(a.findtext('Accuracy'))
            self.expect(0 <= c.accuracy <= 10 and a.find('Precision') is None, *where, 'accuracy')
            self.expect(float(a.findtext('MaxValue')) <= 1e11, *where, 'range')
        elif kind == 'datetime':
            form, behavior = a.findtext('Format'), a.findtext('Behavior')
            self.expect((form, behavior) in (('date', '2'), ('datetime', '1'), ('datetime', '3')), *where, form, behavior)
            c.kind = 'day' if form == 'date' else 'moment'
        elif kind == 'picklist':
            c.options = self.options(a, table, logical, kind, where)
        columns[logical] = c
        return primary

    def options(self, a, table, logical, kind, where):
        s = a.find('optionset')
        self.expect(s is not None and s.get('Name') == f'{table}_{logical}' and s.get('Name') not in self.sets, *where,
                    'option set')
        self.sets.add(s.get('Name'))
        self.expect(s.findtext('OptionSetType') == kind and s.findtext('IsGlobal') == '0', *where, 'option set type')
        self.expect(a.findtext('AppDefaultValue') == '-1', *where, 'default')
        found = {}
        for o in s.findall('options/option'):
            label = o.find('labels/label').get('description')
            self.expect(label and label not in found, *where, 'option', label)
            found[label] = int(o.get('value'))
        values = sorted(found.values())
        self.expect(values and all(self.base * 10000 <= v < (self.base + 1) * 10000 for v in values), *where, values)
        self.expect(len(set(values)) == len(values), *where, 'option values')
        return found

    def relations(self, root, name):
        names = set()
        for r in root:
            where = (name, r.get('Name'))
            self.expect(r.get('Name') not in names and len(r.get('Name')) <= NAME_MAX, *where, 'name')
            names.add(r.get('Name'))
            self.expect(r.get('Name').startswith(self.prefix + '_'), *where, 'prefix')
            child, parent = r.findtext('ReferencingEntityName').lower(), r.findtext('ReferencedEntityName').lower()
            column = self.tables.get(child, {}).get(r.findtext('ReferencingAttributeName'))
            self.expect(r.findtext('EntityRelationshipType') == 'OneToMany', *where, 'type')
            self.expect(parent in STANDARD_TABLES or parent in self.tables, *where, parent, 'is no table')
            self.expect(r.findtext('CascadeDelete') in ('RemoveLink', 'Cascade', 'Restrict'), *where, 'cascade')
            roles = {x.findtext('RelationshipRoleType'): x for x in r.findall('EntityRelationshipRoles/EntityRelationshipRole')}
            self.expect(set(roles) == {'0', '1'}, *where, 'roles')
            self.expect(roles['1'].findtext('NavigationPropertyName') == r.findtext('ReferencingAttributeName'), *where)
            self.expect(roles['0'].findtext('NavigationPropertyName') == r.get('Name'), *where)
            if column is None or column.kind != 'link' or column.target:
                self.say(*where, 'is of no link, or of one that has another')
                continue
            column.target = parent

    def screens(self, e, table, wanted, columns, name):
        form, views = e.find('FormXml'), e.find('SavedQueries')
        self.expect((form is not None) == (views is not None) == bool(wanted), name, table, 'form and lists')
        if not wanted or form is None or views is None:
            return
        known = set(columns) | {'ownerid'}
        shown = [c.get('datafieldname') for c in form.iter('control')]
        self.expect(set(shown) == known and len(shown) == len(set(shown)), name, table, 'form', set(shown) ^ known)
        ids = [x.get('id') for tag in ('tab', 'section', 'cell') for x in form.iter(tag)]
        ids += [form.findtext('.//formid')] + [x.text for x in views.iter('savedqueryid')]
        for i in ids:
            self.expect(GUID.match(i) and i not in self.ids, name, table, 'id', i)
            self.ids.add(i)
        for v in views.iter('savedquery'):
            cells = [c.get('name') for c in v.find('layoutxml').iter('cell')]
            asked = [a.get('name') for a in v.find('fetchxml').iter('attribute')]
            self.expect(set(cells) <= set(columns) and set(asked) == set(cells) | {table + 'id'}, name, table, 'list', cells)
        self.expect(sorted(v.findtext('querytype') for v in views.iter('savedquery')) == ['0', '1', '2', '4', '64'], name,
                    table, 'kinds of lists')

    # ---- maps and files ----

    def target(self, table, column):
        c = self.tables.get(table, {}).get(column)
        if c:
            return c
        s = STANDARD.get(table, {}).get(column) or (OWNED.get(column) if table in self.new else None)
        if not s:
            return None
        return Column(s[1], s[0], s[2], options=GENDERS if column == 'gendercode' else None)

    def read(self, path):
        data = path.read_bytes()
        self.expect(data.startswith(b'\xef\xbb\xbf'), path.name, 'has no byte order mark')
        self.expect(len(data) <= FILE_MAX, path.name, 'is larger than 8 MB')
        text = data.decode('utf-8-sig')
        first = text.split('\r\n', 1)[0]
        self.expect('"' not in first, path.name, 'has quotation marks in its heading')
        rows = list(csv.reader(io.StringIO(text, newline='')))
        self.expect(text.endswith('\r\n'), path.name, 'does not end in CRLF')
        self.expect(all(len(r) == len(rows[0]) for r in rows), path.name, 'has rows of another width')
        return rows[0], rows[1:]

    def maps(self):
        """stem -> (table, [(heading, column or None, link or None)])"""
        found = {}
        for path in sorted((self.folder / 'maps').glob('[0-9]*.xml')):
            root = ET.fromstring(path.read_bytes())
            self.expect(root.tag == 'Map' and root.get('Name') and root.findtext('EntitiesPerFile') == 'Single', path.name)
            for m in root.findall('EntityMaps/EntityMap'):
                self.entity_map(m, path.name, found)
        return found

    def uploads(self, maps):
        """Each ZIP against its map: the same files, named by their tables, no link from one to another."""
        loose = {p.read_bytes(): p.stem for p in self.folder.glob('[0-9][0-9]_*.csv')}
        sent = []
        for path in sorted((self.folder / 'uploads').glob('*.zip')):
            self.expect(path.stat().st_size <= ZIP_MAX, path.name, 'is larger than 32 MB')
            found = {}
            root = ET.fromstring((self.folder / 'maps' / f'{path.stem}.xml').read_bytes())
            for m in root.findall('EntityMaps/EntityMap'):
                self.entity_map(m, path.name, found)
            with zipfile.ZipFile(path) as z:
                names = z.namelist()
                contents = [z.read(n) for n in names]
            self.expect(sorted(n[:-4] for n in names) == sorted(found), path.name, names, sorted(found))
            self.expect(sum(map(len, contents)) <= UNPACKED_MAX, path.name, 'unpacks to more than 200 MB')
            for n, data in zip(names, contents):
                stem = loose.get(data)
                self.expect(len(data) <= FILE_MAX and stem, path.name, n, 'is none of the files')
                self.expect(found.get(n[:-4]) == maps.get(stem), path.name, n, 'is mapped otherwise than', stem)
                sent.append(stem or '')
            tables = {t for t, _ in found.values()}
            links = {link[0] for _, columns in found.values() for _, _, link in columns if link}
            self.expect(not tables & links, path.name, 'has links within', tables & links)
        updates = {stem for stem, (_, columns) in maps.items() if len(columns) == 2}
        self.expect(sorted(sent) == sorted(set(maps) - updates), 'uploads and files differ', set(sent) ^ set(maps))

    def attachments(self, loaded):
        """ZIPs of notes with files: each row names one file of the folder Attachments, and a contact."""
        contacts = loaded['contact', f'{self.prefix}_sourcekey']
        found = {}
        for m in ET.fromstring((self.folder / 'maps' / 'Files.xml').read_bytes()).findall('EntityMaps/EntityMap'):
            self.entity_map(m, 'Files.xml', found)
        table, columns = found.get('Note', (None, []))
        self.expect(table == 'annotation' and [c[1] for c in columns] == [
            None, 'subject', 'objectid', 'documentbody', 'filename', 'mimetype', 'overriddencreatedon'], 'Files.xml', columns)
        self.expect(all((c[2] == ('contact', f'{self.prefix}_sourcekey')) == (c[1] == 'objectid') for c in columns), 'Files.xml',
                    'finds contacts otherwise than by their key')
        for path in sorted(self.folder.glob('Files_*.zip')):
            self.expect(path.stat().st_size <= ZIP_MAX, path.name, 'is larger than 32 MB')
            with zipfile.ZipFile(path) as z:
                names = z.namelist()
                rows = list(csv.DictReader(io.StringIO(z.read('Note.csv').decode('utf-8-sig'), newline='')))
                self.expect(not rows or list(rows[0]) == [c[0] for c in columns], path.name, 'has other columns than its map')
                self.expect(sum(i.file_size for i in z.infolist()) <= UNPACKED_MAX, path.name, 'unpacks to more than 200 MB')
                self.expect(all(i.file_size <= FILE_MAX for i in z.infolist()), path.name, 'has a file of more than 8 MB')
            files = sorted(n.removeprefix('Attachments/') for n in names if n != 'Note.csv')
            self.expect(sorted(r['Document'] for r in rows) == files, path.name, 'rows and files differ')
            self.expect(len(set(files)) == len(files), path.name, 'names a file twice')
            # Letter templates are in it for reference, and nobody's.
            self.expect(all(r['Regarding'] in contacts or '-LTP-' in r['Source Key'] for r in rows), path.name,
                        'has notes of nobody')
            self.expect(all(r['File Name'] for r in rows), path.name, 'has files without a name')

    def entity_map(self, m, name, found):
        table, stem = m.get('TargetEntityName'), m.get('SourceEntityName')
        self.expect(m.get('ProcessCode') == 'Process' and m.get('Dedupe') in ('Ignore', 'Eliminate'), name, m.attrib)
        self.expect(table in STANDARD_TABLES or table in self.new, name, table, 'is no table')
        columns = []
        for a in m.findall('AttributeMaps/AttributeMap'):
            heading, column, code = (a.findtext(t) or '' for t in
                                     ('SourceAttributeName', 'TargetAttributeName', 'ProcessCode'))
            self.expect(code in ('Process', 'Ignore') and (code == 'Ignore') == (not column), name, heading, code)
            if not column:
                columns.append((heading, None, None))
                continue
            target = self.target(table, column)
            if not target:
                self.say(name, table, 'has no column', column)
                continue
            self.expect(target.label == heading, name, heading, 'is not the display name', target.label)
            link = self.lookup_map(a, target, name, heading)
            options = {p.findtext('SourceValue'): int(p.findtext('TargetValue')) for p in a.findall('PicklistMaps/PicklistMap')}
            self.expect(options == target.options or target.kind != 'choice', name, heading, options,
                        target.options)
            columns.append((heading, column, link))
        self.expect(stem not in found, name, stem, 'is mapped twice')
        found[stem] = (table, columns)

    def lookup_map(self, a, target, name, heading):
        maps = a.findall('LookupMaps/LookupMap')
        self.expect((target.kind == 'link') == (len(maps) == 1), name, heading, 'lookup maps', len(maps))
        if not maps:
            return None
        m = maps[0]
        table, column = m.findtext('LookupEntityName'), m.findtext('LookupAttributeName')
        self.expect(m.findtext('LookupType') == 'System' and m.findtext('ProcessCode') == 'Process', name, heading)
        self.expect(self.target(table, column), name, heading, table, column, 'is no column')
        self.expect(not target.target or target.target == table, name, heading, 'points to', table)
        return table, column

    def value(self, c, text):
        """What is wrong with a value; None: nothing."""
        if not text:
            return None
        if c.kind == 'text':
            return len(text.encode('utf-16-le')) // 2 > c.length and f'is longer than {c.length}'
        if c.kind == 'int':
            return not re.fullmatch(r'-?\d{1,10}', text) and 'is no whole number'
        if c.kind == 'decimal':
            good = re.fullmatch(r'-?\d{1,11}(\.(\d+))?', text)
            return (not good or len(good[2] or '') > c.accuracy) and 'is no decimal of that accuracy'
        if c.kind == 'day':
            return not re.fullmatch(r'\d{4}-\d\d-\d\d', text) and 'is no date'
        if c.kind == 'moment':
            return not re.fullmatch(r'\d{4}-\d\d-\d\d \d\d:\d\d', text) and 'is no moment'
        if c.kind == 'choice':
            return text not in c.options and 'is none of the choices'
        return None

    def files(self, maps):
        loaded = collections.defaultdict(set)
        seen = set()
        for path in sorted(self.folder.glob('[0-9][0-9]_*.csv')):
            heading, rows = self.read(path)
            if path.stem.startswith('01_'):
                email = heading.index('Primary Email')
                loaded['systemuser', 'internalemailaddress'] |= {r[email] for r in rows}
                continue
            if not rows:
                continue
            if path.stem not in maps:
                self.say(path.name, 'has no map')
                continue
            seen.add(path.stem)
            self.file(path, heading, rows, *maps[path.stem], loaded)
        self.expect(seen == set(maps), 'maps without a file', set(maps) - seen)
        return loaded

    def file(self, path, heading, rows, table, columns, loaded):
        self.expect(heading == [h for h, _, _ in columns], path.name, heading, 'is not what the map has')
        wrong = collections.Counter()
        update = len(columns) == 2
        known = set(loaded[table, self.keys.get(table)])
        for at, (name, column, link) in enumerate(columns):
            if at == 0:
                keys = [r[0] for r in rows]
                self.expect(all(keys) and len(set(k.casefold() for k in keys)) == len(keys), path.name, 'keys')
                self.expect(all(re.fullmatch(r'[A-Za-z0-9._-]{1,64}', k) for k in keys), path.name, 'letters of keys')
                if update:
                    self.expect(set(keys) <= known, path.name, 'updates what is not there')
                else:
                    self.expect(not set(keys) & known, path.name, 'makes what is there')
                continue
            for r in rows:
                if link and r[at] and r[at] not in loaded[link]:
                    wrong[f'{name}: a link to {link[0]} finds nothing'] += 1
                trouble = column and self.value(self.target(table, column), r[at])
                if trouble:
                    wrong[f'{name}: a value {trouble}'] += 1
        for text, n in wrong.items():
            self.say(path.name, text, f'({n} times)')
        for at, (name, column, link) in enumerate(columns):
            if column and at == 0:
                loaded[table, column] |= {r[0] for r in rows}


def check(folder):
    c = Checker(folder)
    zips = sorted((c.folder / 'solution').glob('*.zip'))
    c.expect([z.name for z in zips] == ['PracticeRecords.zip', 'PracticeRecords_lean.zip'], [z.name for z in zips])
    for z in reversed(zips):
        c.solution(z, 'lean' not in z.name)
    if not c.wrong:
        maps = c.maps()
        c.attachments(c.files(maps))
        c.uploads(maps)
    return c.wrong
