'use strict';
/* Holds a folder in the Metadata API's form against the vendor's own libraries: source-deploy-retrieve resolves it into
 * components, turns them into the source form and back, and must find the same ones; each element of each file must be one
 * that the WSDL (jsforce's schema) has there, of its type, and in its order.
 *
 *     node salesforce_package.cjs NODE_MODULES FOLDER SCRATCH
 *
 * Prints {"components": {type: count}, "fields": n, "wrong": [...]}. */
const fs = require('fs');
const path = require('path');
const [modules, folder, scratch] = process.argv.slice(2);
const from = (name) => require(path.join(modules, name));
const { ComponentSet, MetadataConverter } = from('@salesforce/source-deploy-retrieve');
const { ApiSchemas } = from('jsforce/lib/api/metadata/schema');
const { XMLParser } = from('fast-xml-parser');

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const wrong = [];

/* ---- elements ---- */

/* Properties with their types, those of what it extends first; the WSDL is a sequence. */
function properties(type) {
    const schema = ApiSchemas[type];
    const own = Object.entries(schema.props);
    return schema.extends ? [...properties(schema.extends), ...own] : own;
}

function checkText(where, type, text) {
    if (type === 'boolean' && text !== 'true' && text !== 'false') wrong.push(`${where}: ${text} is no boolean`);
    if (type === 'number' && !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) wrong.push(`${where}: ${text} is no number`);
}

function check(where, type, nodes) {
    const known = properties(type);
    let last = -1;
    const seen = new Map();
    for (const node of nodes) {
        const name = Object.keys(node).find((k) => k !== ':@');
        if (name === '#text') {
            if (String(node[name]).trim()) wrong.push(`${where}: text beside elements`);
            continue;
        }
        const at = known.findIndex(([k]) => k === name);
        if (at < 0) {
            wrong.push(`${where}: ${type} has no ${name}`);
            continue;
        }
        if (at < last) wrong.push(`${where}: ${name} stands behind ${known[last][0]}`);
        last = at;
        const declared = known[at][1];
        const many = Array.isArray(declared);
        const of = (many ? declared[0] : declared).replace(/^\?/, '');
        seen.set(name, (seen.get(name) || 0) + 1);
        if (!many && seen.get(name) > 1) wrong.push(`${where}: ${name} is there twice`);
        const children = node[name];
        if (ApiSchemas[of]) check(`${where}/${name}`, of, children);
        else checkText(`${where}/${name}`, of, children.map((c) => c['#text'] ?? '').join(''));
    }
    for (const [name, declared] of known)
        if (typeof declared === 'string' && !declared.startsWith('?') && !seen.has(name))
            wrong.push(`${where}: ${type} needs ${name}`);
}

const roots = { '.object': 'CustomObject', '.layout': 'Layout', '.tab': 'CustomTab', '.permissionset': 'PermissionSet',
    '.settings': null };
const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, trimValues: false, parseTagValue: false });
let fields = 0;

function checkFile(file) {
    const root = parser.parse(fs.readFileSync(file)).find((n) => !Object.keys(n)[0].startsWith('?'));
    const name = Object.keys(root)[0];
    const expected = roots[path.extname(file)];
    if (expected && name !== expected) wrong.push(`${file}: the root is ${name}`);
    if (root[':@']?.['@_xmlns'] !== NAMESPACE) wrong.push(`${file}: another namespace`);
    if (!ApiSchemas[name]) wrong.push(`${file}: nobody knows ${name}`);
    else check(path.basename(file), name, root[name]);
    if (name === 'CustomObject') fields += root[name].filter((n) => n.fields).length;
}

function walk(at) {
    for (const name of fs.readdirSync(at).sort()) {
        const full = path.join(at, name);
        if (fs.statSync(full).isDirectory()) walk(full);
        else if (name !== 'package.xml') checkFile(full);
    }
}

/* ---- components ---- */

const names = (set) => set.getSourceComponents().toArray().map((c) => `${c.type.name}:${c.fullName}`).sort();

/* Objects come apart into fields in the source form; both sides are counted by their top components. */
const tops = (set) => names(set).filter((n) => !n.startsWith('CustomField:'));

function same(a, b, what) {
    for (const x of a) if (!b.includes(x)) wrong.push(`${what}: ${x} is lost`);
    for (const x of b) if (!a.includes(x)) wrong.push(`${what}: ${x} came from nowhere`);
}

async function convert(set, format, to) {
    fs.mkdirSync(to, { recursive: true });
    await new MetadataConverter().convert(set, format, { type: 'directory', outputDirectory: to, genUniqueDir: false });
    return ComponentSet.fromSource(to);
}

function fieldFiles(at) {
    let n = 0;
    for (const name of fs.readdirSync(at)) {
        const full = path.join(at, name);
        if (fs.statSync(full).isDirectory()) n += fieldFiles(full);
        else n += name.endsWith('.field-meta.xml') ? 1 : 0;
    }
    return n;
}

async function main() {
    walk(folder);
    const set = ComponentSet.fromSource(folder);
    const listed = await ComponentSet.fromManifest(path.join(folder, 'package.xml'));
    const manifest = listed.toArray().map((c) => `${typeof c.type === 'string' ? c.type : c.type.name}:${c.fullName}`);
    same(tops(set), manifest.sort(), 'package.xml');
    const source = await convert(set, 'source', path.join(scratch, 'source'));
    same(tops(set), tops(source), 'as source');
    const made = fieldFiles(path.join(scratch, 'source'));
    if (made !== fields) wrong.push(`${fields} fields became ${made} in the source form`);
    const back = await convert(source, 'metadata', path.join(scratch, 'metadata'));
    same(tops(set), tops(back), 'and back');
    const components = {};
    for (const n of tops(set)) components[n.split(':')[0]] = (components[n.split(':')[0]] || 0) + 1;
    process.stdout.write(JSON.stringify({ components, fields, wrong }) + '\n');
}

main().catch((e) => {
    process.stdout.write(JSON.stringify({ components: {}, fields, wrong: [...wrong, String(e.stack || e)] }) + '\n');
});
