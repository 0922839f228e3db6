// Asks the test server as an application would, with a client that shares nothing with FreeTDS; prints what came as JSON.
// usage: node client.js JSON   {modules, port, database, user, password, ca, statements}
'use strict';
const fs = require('fs');
const path = require('path');
const ask = JSON.parse(process.argv[2]);
const { Connection, Request } = require(path.join(ask.modules, 'tedious'));

const connection = new Connection({
    server: 'localhost',
    authentication: { type: 'default', options: { userName: ask.user, password: ask.password } },
    options: {
        port: ask.port, database: ask.database, encrypt: true, trustServerCertificate: false, readOnlyIntent: true, useUTC: true,
        tdsVersion: '7_4', connectTimeout: 10000, requestTimeout: 20000, cryptoCredentialsDetails: { ca: fs.readFileSync(ask.ca) },
    },
});

function text(value) {
    if (value instanceof Date) return value.toISOString();
    if (Buffer.isBuffer(value)) return '0x' + value.toString('hex');
    return value;
}

function run(sql) {
    return new Promise((resolve) => {
        const rows = [];
        const request = new Request(sql, (error, count) => {
            resolve(error ? { error: error.number || error.code } : { count, rows });
        });
        request.on('row', (columns) => rows.push(columns.map((c) => text(c.value))));
        connection.execSqlBatch(request);
    });
}

connection.on('error', () => {});
connection.connect(async (error) => {
    const out = [];
    if (error) {
        console.log(JSON.stringify({ refused: error.number || error.code || (error.errors && error.errors[0] && error.errors[0].number) || error.message }));
        process.exit(0);
    }
    for (const sql of ask.statements) out.push(await run(sql));
    console.log(JSON.stringify({ answers: out }));
    connection.close();
});
