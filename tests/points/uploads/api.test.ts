import { randomInt, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { pointsContract } from '../../../shared/points/contract.ts';
import { uploadsContract } from '../../../shared/points/uploads/contract.ts';
import { privacyContract } from '../../../shared/privacy/contract.ts';
import { programmeContract } from '../../../shared/programme/contract.ts';
import { initialPolicy } from '../../../shared/programme/initial-policy.ts';
import { staffContract } from '../../../shared/staff/contract.ts';
import { asMember, asRuler, asStaff, asTill, type Called, type CallOptions, call } from '../../support/call.ts';
import { loggedIn } from '../../support/logins.ts';
import { clock, openMall } from '../../support/mall.ts';
import { availableOf, memberWith, somePhone } from '../../support/people.ts';
import { allItems, beforeWrite, cancelled, losingReplies, throttled, trouble } from '../../support/table.ts';

const START = '2026-11-23T04:00:00.000Z';
openMall({ at: START });
afterEach(() => {
  clock(START);
});

const staff = asStaff('points.import');
const csv = { 'content-type': 'text/csv; charset=utf-8' };

const opening = (rawBody: string, { query, ...options }: CallOptions = {}) =>
  call(uploadsContract, 'openingBalances', {
    as: staff,
    rawBody,
    headers: csv,
    ...(query && { query }),
    ...options,
  });
const grants = (rawBody: string, { query, ...options }: CallOptions = {}) =>
  call(uploadsContract, 'grants', {
    as: staff,
    rawBody,
    headers: csv,
    query: { batch: 'spring', reason: '春节赠送', ...query },
    ...options,
  });

interface Result {
  line: number;
  outcome: string;
  memberId: string | null;
  points: number;
  lastDay: string;
  code?: string;
}
const results = ({ body }: Called) => body.results as Result[];
const outcomes = (called: Called) =>
  results(called).map(({ outcome, code }) => (code ? `${outcome} ${code}` : outcome));
const told = ({ status, body }: Called) => `${status} ${String(body.code)}`;
const account = async (memberId: string, query = {}) =>
  (await call(pointsContract, 'account', { as: asMember(memberId), query })).body;

const someone = () => `crm-${randomUUID().slice(0, 13)}`;
const file = (...rows: string[]) => ['externalId,points,lastDay', ...rows].join('\n');
const snapshot = async () =>
  JSON.stringify((await allItems()).toSorted((a, b) => (a.pk + a.sk < b.pk + b.sk ? -1 : 1)));

const records = async (subject: string) =>
  (await call(staffContract, 'audit', { as: asStaff('audit.read'), query: { subject } })).body.items as {
    act: string;
    clientId: string;
    why: string | null;
  }[];

describe('what staff sent', () => {
  it('200 refuses the row of who was erased as members.erased, and knows what came in before', async () => {
    const [gone, stays] = [(await loggedIn(somePhone())).memberId, await memberWith(1)];
    const rows = `memberId,points\n${gone},5\n${stays},6`;
    const [before, after] = [`b-${randomUUID().slice(0, 8)}`, `b-${randomUUID().slice(0, 8)}`];
    await grants(rows, { query: { batch: before } });
    const confirm = { as: asMember(gone), body: { confirm: 'ERASE' } };
    expect((await call(privacyContract, 'erase', confirm)).status).toBe(200);
    expect(outcomes(await grants(rows, { query: { batch: after, dryRun: 'true' } }))).toEqual([
      'REFUSED members.erased',
      'ACCEPTED',
    ]);
    expect(outcomes(await grants(rows, { query: { batch: after } }))).toEqual(['REFUSED members.erased', 'ACCEPTED']);
    expect(outcomes(await grants(rows, { query: { batch: before } }))).toEqual(['KNOWN', 'KNOWN']);
    expect(await availableOf(stays)).toBe(13);
  });

  it('200 is recorded once for each request that brings something in: who, which batch, why', async () => {
    const batch = `b-${randomUUID().slice(0, 8)}`;
    const [a, b, c] = [await memberWith(1), await memberWith(1), await memberWith(1)];
    const rows = (...ids: string[]) => ['memberId,points', ...ids.map((id) => `${id},5`)].join('\n');
    await grants(rows(a, b), { query: { batch, dryRun: 'true' } });
    expect(await records(batch)).toEqual([]);
    await grants(rows(a, b), { query: { batch } });
    await grants(rows(b, a), { query: { batch } });
    const record = { act: 'uploads.grants', clientId: `client:${String(staff.id)}`, why: '春节赠送', subject: batch };
    expect(await records(batch)).toEqual([expect.objectContaining(record)]);
    await grants(rows(a, b, c), { query: { batch } });
    expect(await records(batch)).toHaveLength(2);
  });
});

describe('POST /v1/opening-balances', () => {
  it('200 makes members and gives them lots with the last days of the old system', async () => {
    const [phone, external] = [somePhone(), someone()];
    const text = [
      'phone,externalId,memberId,points,lastDay,currency',
      `${phone},,,128,2026-12-31,`,
      `${phone},,,100,2027-12-31,`,
      `,${external},,7,9999-12-31,COINS`,
    ].join('\r\n');
    const answer = await opening(text);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        batch: 'opening',
        dryRun: false,
        rows: 3,
        accepted: 3,
        known: 0,
        refused: 0,
        points: 235,
        results: [
          expect.objectContaining({
            line: 2,
            outcome: 'ACCEPTED',
            points: 128,
            lastDay: '2026-12-31',
            currency: 'POINTS',
          }),
          expect.objectContaining({ line: 3, outcome: 'ACCEPTED', points: 100, lastDay: '2027-12-31' }),
          expect.objectContaining({ line: 4, outcome: 'ACCEPTED', points: 7, currency: 'COINS' }),
        ],
      },
    ]);
    const [first, second, third] = results(answer).map(({ memberId }) => memberId as string);
    expect(first).toBe(second);
    expect((await loggedIn(phone)).memberId).toBe(first);
    expect((await account(first ?? '')).lots).toEqual([
      { lastDay: '2026-12-31', amount: 128, grace: false },
      { lastDay: '2027-12-31', amount: 100, grace: false },
    ]);
    expect(await account(third ?? '', { currency: 'COINS' })).toMatchObject({ available: 7, nextLapse: null });
    const { body } = await call(pointsContract, 'entries', { as: asMember(first ?? '') });
    const lines = (body.items as { kind: string; reference: string }[]).map(
      ({ kind, reference }) => `${kind} ${reference}`,
    );
    expect(lines.toSorted()).toEqual(['ADJUST_UP grant:opening:2026-12-31', 'ADJUST_UP grant:opening:2027-12-31']);
  });

  it('200 again changes nothing, says so, and gives the same figures, also in other requests and after the lots changed', async () => {
    const [a, b] = [someone(), someone()];
    const first = await opening(file(`${a},5,2027-12-31`, `${b},6,2027-12-31`));
    const before = await snapshot();
    const again = await opening(file(`${a},5,2027-12-31`, `${b},6,2027-12-31`));
    expect(again.body).toMatchObject({ rows: 2, accepted: 0, known: 2, refused: 0, points: 11 });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(results(again).map(({ memberId }) => memberId)).toEqual(results(first).map(({ memberId }) => memberId));
    expect(await snapshot()).toBe(before);
    const mixed = await opening(file(`${b},6,2027-12-31`, `${b},6,2028-12-31`));
    expect(outcomes(mixed)).toEqual(['KNOWN', 'ACCEPTED']);
    expect(mixed.headers['idempotency-replayed']).toBeUndefined();
  });

  it('200 refuses a row by 422 points.row_reused that came before with another amount, and takes the others', async () => {
    const [a, b] = [someone(), someone()];
    await opening(file(`${a},5,2027-12-31`));
    const answer = await opening(file(`${a},6,2027-12-31`, `${b},6,2027-12-31`));
    expect(outcomes(answer)).toEqual(['REFUSED points.row_reused', 'ACCEPTED']);
    expect(answer.body).toMatchObject({ accepted: 1, known: 0, refused: 1, points: 6 });
    expect(await availableOf(results(answer)[0]?.memberId ?? '')).toBe(5);
  });

  it('200 counts each row once when one file comes 4 times at once, and makes each member once', async () => {
    const people = Array.from({ length: 5 }, () => someone());
    const text = file(...people.flatMap((who) => [`${who},5,2027-12-31`, `${who},7,2028-12-31`]));
    const all = await Promise.all(Array.from({ length: 4 }, () => opening(text)));
    const busy = all.filter(({ status }) => status !== 200).map((one) => told(one));
    expect(busy.filter((one) => one !== '503 points.busy' && one !== '503 request.busy')).toEqual([]);
    const last = await opening(text);
    expect(last.body).toMatchObject({ rows: 10, refused: 0, points: 60 });
    const members = new Set(results(last).map(({ memberId }) => memberId ?? ''));
    expect(members.size).toBe(5);
    for (const memberId of members) expect(await availableOf(memberId)).toBe(12);
  });

  it('200 with dryRun gives the same answer and writes nothing, not even members', async () => {
    const [known, unknown] = [someone(), someone()];
    const made = results(await opening(file(`${known},5,2027-12-31`)))[0]?.memberId;
    const before = await snapshot();
    const text = file(`${known},5,2027-12-31`, `${known},6,2028-12-31`, `${unknown},7,2027-12-31`);
    const dry = await opening(text, { query: { dryRun: 'true' } });
    expect(await snapshot()).toBe(before);
    expect(results(dry).map(({ memberId }) => memberId)).toEqual([made, made, null]);
    const real = await opening(text, { query: { dryRun: 'false' } });
    const plain = ({ body }: Called) => ({
      ...body,
      dryRun: null,
      results: (body.results as Result[]).map((one) => ({ ...one, memberId: null })),
    });
    expect(plain(real)).toEqual(plain(dry));
    expect(outcomes(dry)).toEqual(['KNOWN', 'ACCEPTED', 'ACCEPTED']);
  });

  it('200 refuses the row that would be one lot too many, and takes the others', async () => {
    const who = someone();
    const days = Array.from(
      { length: 41 },
      (_, i) =>
        `${who},1,2027-${String(1 + Math.floor(i / 28)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
    );
    const answer = await opening(file(...days));
    expect(answer.body).toMatchObject({ rows: 41, accepted: 40, refused: 1 });
    expect(outcomes(answer)).toContain('REFUSED points.too_many_lots');
    expect((await opening(file(...days))).body).toMatchObject({ known: 40, refused: 1 });
  });

  it('400 points.rows_invalid says what is wrong by line and column, and nothing of it remains', async () => {
    const before = await snapshot();
    const text = [
      'externalId,memberId,points,lastDay',
      `${someone()},,5,2027-12-31`,
      'x,,1e3,2027-02-30',
      ',mem_00000000000000000000000000,1,2027-12-31',
    ].join('\n');
    const refused = await opening(text);
    expect(told(refused)).toBe('400 points.rows_invalid');
    expect(refused.body.errors).toEqual([
      { line: 3, column: 'points', code: 'points', message: { zh: expect.any(String), en: expect.any(String) } },
      { line: 3, column: 'lastDay', code: 'day', message: { zh: expect.any(String), en: expect.any(String) } },
    ]);
    const unknown = await opening(text.replace('x,,1e3,2027-02-30\n', ''));
    expect(unknown.body.errors).toMatchObject([{ line: 3, column: 'memberId', code: 'member_unknown' }]);
    expect(await snapshot()).toBe(before);
  });

  it('400 points.rows_invalid where two rows name one member in two ways', async () => {
    const who = someone();
    const memberId = results(await opening(file(`${who},5,2027-12-31`)))[0]?.memberId ?? '';
    const text = `externalId,memberId,points,lastDay\n${who},,1,2028-12-31\n,${memberId},1,2028-12-31`;
    expect((await opening(text)).body.errors).toMatchObject([{ line: 3, code: 'row_twice' }]);
  });

  it('400 request.invalid, request.malformed and 415 request.media_type for what is no CSV', async () => {
    expect(told(await opening(''))).toBe('400 request.invalid');
    expect(told(await opening('a', { query: { dryRun: 'yes' } }))).toBe('400 request.invalid');
    expect(told(await opening('', { bytes: Buffer.from(file('客,1,2027-12-31'), 'utf16le') }))).toBe(
      '400 request.malformed',
    );
    expect(told(await opening('', { bytes: Buffer.from([0xc4, 0xe3, 0xba, 0xc3]) }))).toBe('400 request.malformed');
    expect(told(await opening('a', { headers: { 'content-type': 'application/json' } }))).toBe(
      '415 request.media_type',
    );
    expect(told(await opening('x'.repeat(65_537)))).toBe('413 request.too_large');
    expect(told(await opening(file(), { key: null }))).toBe('400 request.key_missing');
  });

  it('403 auth.forbidden without the permission', async () => {
    for (const as of [asStaff('programme.write'), asTill('points.import'), asMember('mem_1')]) {
      expect(told(await opening(file(), { as }))).toBe('403 auth.forbidden');
      expect(told(await grants(file(), { as }))).toBe('403 auth.forbidden');
    }
  });

  it('503 points.busy in the middle; sent again, each row counts once', async () => {
    const people = Array.from({ length: 12 }, () => someone());
    const text = file(...people.map((who) => `${who},5,2027-12-31`));
    // A row that counts is five items: its document, its member with an identity that is also kept beside them, and an entry.
    const ofRows = async () => (await allItems()).filter(({ type }) => type !== 'audit').length;
    const before = await ofRows();
    const busy = trouble((write) =>
      write > 5 ? cancelled('ConditionalCheckFailed', 'None', 'None', 'None') : undefined,
    );
    expect(told(await opening(text))).toBe('503 points.busy');
    busy.mockRestore();
    const after = (await ofRows()) - before;
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(12 * 5);
    const again = await opening(text);
    expect(again.body).toMatchObject({ rows: 12, refused: 0, points: 60 });
    expect(again.body.known).toBe(after / 5);
    expect((await opening(text)).body).toMatchObject({ known: 12 });
  });

  it('counts each row once wherever it was killed, and when the answers of the table are lost', async () => {
    const people = Array.from({ length: 12 }, () => someone());
    const text = file(...people.map((who) => `${who},5,2027-12-31`));
    for (const kill of [1, 3, 7]) {
      const ill = trouble((write) => (write >= kill ? throttled() : undefined));
      expect(told(await opening(text))).toBe('503 request.busy');
      ill.mockRestore();
    }
    const lost = losingReplies();
    const answer = await opening(text);
    lost.mockRestore();
    expect(answer.body).toMatchObject({ rows: 12, refused: 0, points: 60 });
    for (const { memberId } of results(answer)) expect(await availableOf(memberId ?? '')).toBe(5);
  });
});

describe('POST /v1/grants', () => {
  it('200 gives to members by the policy’s last day or a given one, once in a batch', async () => {
    const memberId = await memberWith(10);
    const text = `memberId,points,lastDay\n${memberId},5,\n${memberId},6,2027-06-30`;
    const first = await grants(text);
    expect(first.body).toMatchObject({ batch: 'spring', accepted: 2, points: 11 });
    expect(results(first).map(({ lastDay }) => lastDay)).toEqual(['2026-12-31', '2027-06-30']);
    expect((await grants(text)).body).toMatchObject({ accepted: 0, known: 2 });
    expect(await availableOf(memberId)).toBe(21);
    expect((await grants(text, { query: { batch: 'summer' } })).body).toMatchObject({ accepted: 2 });
    expect(await availableOf(memberId)).toBe(32);
  });

  it('200 counts a row without a last day once, also when it comes again on another day under a rolling policy', async () => {
    const currencies = initialPolicy.currencies.map((one) => ({
      ...one,
      expiry: { policy: 'ROLLING_DAYS', days: 30 },
    }));
    const replace = (body: object) => call(programmeContract, 'replace', { as: asRuler, body });
    expect((await replace({ ...initialPolicy, currencies })).status).toBe(200);
    const memberId = await memberWith(10);
    const text = `memberId,points\n${memberId},5`;
    expect(results(await grants(text))[0]).toMatchObject({ outcome: 'ACCEPTED', lastDay: '2026-12-23' });
    clock('2026-11-25T04:00:00.000Z');
    const again = await grants(text);
    expect(results(again)[0]).toMatchObject({ outcome: 'KNOWN', lastDay: '2026-12-23' });
    expect(outcomes(await grants(`memberId,points\n${memberId},6`))).toEqual(['REFUSED points.row_reused']);
    const other = { query: { batch: 'overtaken' } };
    const faster: string[] = [];
    const overtaken = beforeWrite(async () => {
      clock('2026-11-26T04:00:00.000Z');
      faster.push(...outcomes(await grants(text, other)));
    });
    const slower = outcomes(await grants(text, other));
    overtaken.mockRestore();
    expect([faster, slower]).toEqual([['ACCEPTED'], ['KNOWN']]);
    expect((await account(memberId)).available).toBe(20);
    expect((await replace(initialPolicy)).status).toBe(200);
  });

  it('400 points.rows_invalid for who is no member, and nobody is made', async () => {
    const before = await snapshot();
    const [phone, external] = [somePhone(), someone()];
    const refused = await grants(`phone,externalId,points\n${phone},,5\n,${external},5`);
    expect(told(refused)).toBe('400 points.rows_invalid');
    expect(refused.body.errors).toMatchObject([
      { line: 2, column: 'phone', code: 'member_unknown' },
      { line: 3, column: 'externalId', code: 'member_unknown' },
    ]);
    expect(await snapshot()).toBe(before);
  });

  it('400 request.invalid without a batch or a reason, or with a batch that is none', async () => {
    const text = file('x,1,2027-12-31');
    const wrong: Record<string, string>[] = [
      { batch: '' },
      { batch: 'opening' },
      { batch: 'a b' },
      { batch: 'a#b' },
      { batch: '春' },
      { batch: 'x'.repeat(33) },
      { reason: '' },
      { reason: 'x'.repeat(201) },
      { more: '1' },
    ];
    for (const query of wrong) {
      expect(told(await grants(text, { query })), JSON.stringify(query)).toBe('400 request.invalid');
    }
    expect(told(await call(uploadsContract, 'grants', { as: staff, rawBody: text, headers: csv }))).toBe(
      '400 request.invalid',
    );
  });

  it('200 with dryRun writes nothing', async () => {
    const memberId = await memberWith(1);
    const before = await snapshot();
    const dry = await grants(`memberId,points\n${memberId},5`, { query: { dryRun: 'true', batch: 'dry' } });
    expect([dry.body.dryRun, outcomes(dry)]).toEqual([true, ['ACCEPTED']]);
    expect(await snapshot()).toBe(before);
  });
});

/** Cells as people and attackers write them. */
const cell = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e3',
    '=1+1',
    '@x',
    '+1',
    '１２',
    '9'.repeat(30),
    'abc',
    '2027-02-30',
    '2027-12-31',
    '13800138000',
    '"',
    '"a',
    'a"b',
    '=HYPERLINK("http://x")',
    '\u0000',
    '\u202e',
    'NaN',
    '1.5',
    'mem_1',
    '__proto__',
    'POINTS',
    'EUR',
    'x'.repeat(300),
    "'; DROP TABLE",
    '{}',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const badFile = fc
  .record({
    header: fc.oneof(
      fc.constantFrom(
        'phone,points,lastDay',
        'externalId,points,lastDay,currency',
        'memberId,lastDay,points',
        'points',
        '',
      ),
      fc
        .array(fc.constantFrom('phone', 'points', 'lastDay', 'memberId', 'Points', 'currency', ''), { maxLength: 7 })
        .map((names) => names.join(',')),
    ),
    rows: fc.array(
      fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(',')),
      { maxLength: 60 },
    ),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    start: fc.constantFrom('', '\uFEFF', ' '),
  })
  // The last row makes the file a bad one, whatever stands above it.
  .map(({ header, rows, end, start }) => start + [header, ...rows, 'no such row, , -1,'].join(end));

describe('any bad file', () => {
  it('is refused with 400, never fails, and nothing of it remains', async () => {
    const before = await snapshot();
    const check = async (text: string) => {
      const send = randomInt(2) === 0 ? opening : grants;
      const { status, body } = await send(text);
      expect([status, ['points.rows_invalid', 'request.invalid', 'request.malformed']]).toEqual([
        400,
        expect.arrayContaining([body.code]),
      ]);
      for (const { line, message } of (body.errors ?? []) as { line?: number; message: object }[]) {
        if (body.code === 'points.rows_invalid') expect(line).toBeGreaterThan(0);
        expect(message).toBeTruthy();
      }
    };
    await fc.assert(fc.asyncProperty(badFile, check), { numRuns: 200 });
    expect(await snapshot()).toBe(before);
  });
});
