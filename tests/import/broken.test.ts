import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from '../../bin/import/options.ts';
import { readPurchases, readReturns } from '../../bin/import/rows.ts';
import { writeDemo } from '../../infra/local/demo.ts';
import { idOf } from '../../shared/members/members.ts';
import { openFront } from '../support/front.ts';
import { type Importer, imports, newImporter, pointsOf, startCommand } from '../support/importing.ts';
import { clock, openMall } from '../support/mall.ts';
import { allItems } from '../support/table.ts';

openMall();
const front = openFront();
const home = mkdtempSync(join(tmpdir(), 'points-mall-broken-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let importer: Importer;
beforeAll(async () => {
  importer = await newImporter();
});

const PURCHASES = 'InvoiceNo,InvoiceDate,CustomerID,TotalPrice';
const RETURNS = 'ReturnNo,ReturnDate,CustomerID,InvoiceNo,Amount';
let written = 0;

function file(...lines: string[]): string {
  const path = join(home, `${(written += 1)}.csv`);
  writeFileSync(path, lines.join('\n'));
  return path;
}

const NOTHING = file(RETURNS, '');

const ofType = async (type: string) => (await allItems()).filter((item) => item.type === type);
const members = async () => (await ofType('member')).length;
const kept = async () =>
  [...(await ofType('purchase')), ...(await ofType('return'))].map(({ number }) => number as string);

const BROKEN: [string, string, RegExp][] = [
  ['no customer', 'B1,2010-12-01,,5.00', /CustomerID "" is empty/],
  ['letters for an amount', 'B2,2010-12-01,1,abc', /TotalPrice "abc" is no decimal/],
  ['less than nothing', 'B3,2010-12-01,1,-5', /TotalPrice "-5" is no decimal/],
  ['nothing', 'B4,2010-12-01,1,0.00', /TotalPrice "0.00" is nothing/],
  ['an exponent', 'B5,2010-12-01,1,1e21', /TotalPrice "1e21" is no decimal/],
  ['2^53', 'B6,2010-12-01,1,9007199254740992', /is more than 1000000000/],
  ['a day that is not', 'B7,2011-02-29,1,5.00', /InvoiceDate "2011-02-29" is no day/],
  ['a formula for an amount', 'B8,2010-12-01,1,=1+1', /TotalPrice "=1\+1" is no decimal/],
  ['a formula for a customer', 'B9,2010-12-01,=1+1,5.00', /CustomerID "=1\+1" is no id/],
  ['a formula for a number', '=B10,2010-12-01,1,5.00', /InvoiceNo "=B10" is no number/],
  ['1 MB', `B11,2010-12-01,${'x'.repeat(1_048_576)},5.00`, /^is 1048\d+ characters long/],
  ['an open quote', 'B12,2010-12-01,"1,5.00', /^is no CSV/],
  ['a column too few', 'B13,2010-12-01,5.00', /^has 3 columns instead of 4/],
  ['a column too many', 'B14,2010-12-01,1,5.00,', /^has 5 columns instead of 4/],
  ['a byte-order mark in the middle', '\uFEFFB15,2010-12-01,1,5.00', /InvoiceNo ".*" is no number/],
  ['what turns the direction of text', 'B16,2010-12-01,1\u202E2,5.00', /CustomerID "1\?2" is no id/],
  ['a time where a day belongs', 'B17,2010-12-01 10:00:00,1,5.00', /InvoiceDate ".*" is no day/],
  ['bytes that are no text', 'B18,2010-12-01,1\u0000,5.00', /CustomerID ".*" is no id/],
];

describe('broken lines', () => {
  it('are refused by number and reason, a byte-order mark at the start is none of them, and the rest is read', () => {
    const path = file(
      `\uFEFF${PURCHASES}\r`,
      'G1,2010-12-01,1,5.00\r',
      ...BROKEN.map(([, line]) => line),
      '',
      'G2,2010-12-01,2,6.00',
    );
    const { rows, faults } = readPurchases(path, 'Asia/Shanghai');
    expect(rows.map(({ number, line, amountFen }) => [number, line, amountFen])).toEqual([
      ['G1', 2, 500],
      ['G2', BROKEN.length + 4, 600],
    ]);
    const byLine = new Map(faults.map(({ line, reason }) => [line, reason]));
    for (const [i, [what, , reason]] of BROKEN.entries()) expect(byLine.get(i + 3), what).toMatch(reason);
    expect(faults).toHaveLength(BROKEN.length);
    expect(Math.max(...faults.map(({ reason }) => reason.length))).toBeLessThan(200);
  });

  it('of returns are refused likewise', () => {
    const lines = ['C1,2010-12-01 10:00:00,1,A1,5', 'C2,2010-12-01 25:00:00,1,A1,5', 'C3,2010-12-01,1,,5'];
    const { rows, faults } = readReturns(file(RETURNS, ...lines), 'Asia/Shanghai');
    expect([rows.map(({ number }) => number), faults.map(({ line }) => line)]).toEqual([['C1'], [3, 4]]);
  });

  it('leave nothing behind: what is refused here or by the API is named, and all else goes in', async () => {
    clock('2026-11-23T04:00:00.000Z');
    const purchases = file(
      PURCHASES,
      'L1,2010-12-01,ann,50.00',
      ...BROKEN.map(([, line]) => line),
      'L2,2010-12-01,bob,20.00',
      'L3,2999-01-01,cat,20.00',
      'L2,2010-12-01,eve,20.00',
    );
    const returns = file(
      RETURNS,
      'S1,2010-12-01 09:00:00,ann,L1,10.00',
      'S2,2010-11-30 09:00:00,ann,L1,10.00',
      'S3,2010-12-03 09:00:00,ann,NEVER-WAS,10.00',
      'S4,2010-12-03 09:00:00,ann,L1,40.01',
      'S5,2010-12-03 09:00:00,bob,L1,1.00',
    );
    const [before, membersBefore] = [await kept(), await members()];
    const tally = await imports({ purchases, returns }, front.url, importer);
    expect([tally.accepted, tally.known]).toEqual([3, 0]);
    const refused = new Map(tally.refused.map((one) => [`${one.file}:${one.line}`, one.reason]));
    const [p, r] = [purchases, returns].map((path) => path.split('/').at(-1));
    expect(refused.get(`${p}:${BROKEN.length + 4}`)).toMatch(/^409 · purchases.in_future/);
    expect(refused.get(`${p}:${BROKEN.length + 5}`)).toMatch(/L2 stands on line \d+ already/);
    expect(refused.get(`${r}:3`)).toBe('lies before its purchase L1');
    expect(refused.get(`${r}:4`)).toMatch(/^404 · purchases.not_found/);
    expect(refused.get(`${r}:5`)).toMatch(/^409 · purchases.return_exceeds .*leftFen 4000$/);
    expect(refused.get(`${r}:6`)).toBe("L1 is another customer's");
    expect(refused.size).toBe(BROKEN.length + 6);
    expect((await kept()).filter((one) => !before.includes(one)).toSorted()).toEqual(['L1', 'L2', 'S1']);
    expect(await members()).toBe(membersBefore + 2);
    expect(await idOf({ externalId: 'cat' })).toBeUndefined();
  });

  it('a return whose purchase went in earlier takes effect no earlier than that, on its day', async () => {
    await imports({ purchases: file(PURCHASES, 'M1,2010-12-01,dan,50.00'), returns: NOTHING }, front.url, importer);
    const lines = ['T1,2010-12-01 09:00:00,dan,M1,10.00', 'T2,2010-11-30 09:00:00,dan,M1,10.00'];
    const tally = await imports({ purchases: file(PURCHASES), returns: file(RETURNS, ...lines) }, front.url, importer);
    expect([tally.accepted, tally.refused.map(({ reason }) => reason.slice(0, 34))]).toEqual([
      1,
      ['409 · purchases.return_too_early ·'],
    ]);
    expect(await pointsOf('dan', '2010-12-01T12:00:00+08:00')).toMatchObject({ available: 40 });
  });

  it('a movement that is older than the head of the account takes effect there, and the report counts it (§3.2)', async () => {
    const purchases = (...lines: string[]) => ({ purchases: file(PURCHASES, ...lines), returns: NOTHING });
    await imports(purchases('N1,2010-12-20,fay,50.00'), front.url, importer);
    const tally = await imports(purchases('N2,2010-12-10,fay,30.00', 'N3,2010-12-24,fay,1.00'), front.url, importer);
    expect(tally).toEqual({ accepted: 2, known: 0, later: 1, refused: [] });
    const at = async (day: string) => (await pointsOf('fay', `${day}T12:00:00+08:00`)).available;
    expect([await at('2010-12-10'), await at('2010-12-20'), await at('2010-12-24')]).toEqual([0, 80, 81]);
  });
});

describe('the command', () => {
  it('ends with 1 where lines were refused, and names them', async () => {
    const purchases = file(PURCHASES, 'K1,2010-12-01,gus,5.00', 'K2,2010-12-01,gus,abc');
    const { code, stdout } = await startCommand([purchases, NOTHING, '--api', front.url], importer).ended;
    expect(stdout).toContain('accepted       1\nalready known  0\nrefused        1\n');
    expect(stdout).toMatch(/\n\d+\.csv:3 TotalPrice "abc" is no decimal number\n$/);
    expect(code).toBe(1);
  });

  it('ends with 2 and a sentence where it cannot go on', async () => {
    const purchases = file(PURCHASES, 'K9,2010-12-01,gus,5.00');
    const wrong = { ...importer, clientSecret: 'wrong' };
    const { code, stderr } = await startCommand([purchases, NOTHING, '--api', front.url], wrong).ended;
    expect(stderr).toMatch(/gives importer no token .*invalid_client/);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  });

  const own = { IMPORTER_ID: 'a', IMPORTER_SECRET: 'b' };

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['one file', ['p.csv'], own, /^Two files are imported together/],
    ['three files', ['p.csv', 'r.csv', 'x.csv'], own, /^Two files are imported together/],
    ['an unknown option', ['p.csv', 'r.csv', '--fast'], own, /--fast/],
    [
      'an unknown zone',
      ['p.csv', 'r.csv', '--api', 'http://a', '--time-zone', 'Asia/Nowhere'],
      own,
      /^--time-zone Asia/,
    ],
    ['no customers at once', ['p.csv', 'r.csv', '--concurrency', '0'], own, /^--concurrency 0 is not 1 to 64/],
    ['an API that is no address', ['p.csv', 'r.csv', '--api', 'there'], own, /^there is no address/],
    [
      'an API of others without a client',
      ['p.csv', 'r.csv', '--api', 'http://a'],
      {},
      /set IMPORTER_ID and IMPORTER_SECRET/,
    ],
    ['no local run', ['p.csv', 'r.csv', '--data', '/nowhere'], {}, /demo\.json names no API: run `npm start` first/],
  ])('says in a sentence what is wrong with %s', (_, args, environment, sentence) => {
    expect(() => readOptions(args, environment)).toThrow(sentence);
  });

  it.each([
    ['a file that is not there', () => '/nowhere/p.csv', /^\/nowhere\/p\.csv cannot be read/],
    ['another header', () => file('a,b', '1,2'), /:1 is not the header that is read here, which names InvoiceNo/],
  ])('says in a sentence what is wrong with %s', (_, path, sentence) => {
    expect(() => readPurchases(path(), 'Asia/Shanghai')).toThrow(sentence);
  });

  it('takes the local run’s own importer, unless the environment names another', () => {
    const client = (clientId: string) => ({ clientId, clientSecret: 's', scope: '' });
    const demo = { memberPhone: '', till: client('till'), staff: client('staff'), importer: client('importer') };
    writeDemo(home, 'http://127.0.0.1:3000', demo);
    const access = (environment: Record<string, string>) =>
      readOptions(['p.csv', 'r.csv', '--data', home], environment)?.access;
    const local = { api: 'http://127.0.0.1:3000', scope: 'purchases:write purchases:backfill' };
    expect(access({})).toEqual({ ...local, clientId: 'importer', clientSecret: 's' });
    expect(access(own)).toEqual({ ...local, clientId: 'a', clientSecret: 'b' });
    expect(access({ ...own, API: 'http://a/' })).toMatchObject({ api: 'http://a', clientId: 'a' });
    expect(() => access({ API: 'http://a' }), 'the local secret stays here').toThrow(/^For http:\/\/a say who calls/);
    const shell = readFileSync(join(home, 'demo.env'), 'utf8');
    expect(shell).toContain("export IMPORTER_ID='importer'\nexport IMPORTER_SECRET='s'\n");
  });
});
