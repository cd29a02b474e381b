import { describe, expect, it } from 'vitest';
import { readRows, type Terms } from '../../../shared/points/uploads/rows.ts';

const OPENING: Terms = {
  today: '2026-11-23',
  needsLastDay: true,
  policyDays: { POINTS: '2026-12-31', COINS: '9999-12-31' },
};
const GRANTS: Terms = { ...OPENING, needsLastDay: false };
const HEADER = 'phone,externalId,memberId,points,lastDay,currency';
const MEMBER = 'mem_01KAQZ3V7W9X2Y4Z6A8B0C1D2E';

const faultsOf = (text: string, terms = OPENING) =>
  readRows(text, terms).faults.map(({ line, column, code }) => [line, column, code].join(' ').replace('  ', ' - '));
const rowsOf = (text: string, terms = OPENING) => readRows(text, terms).rows;

const ROW = {
  line: 2,
  member: { phone: '+8613800138000' },
  points: 5,
  currency: 'POINTS',
  lastDay: '2027-12-31',
  byPolicy: false,
};

describe('a file that is right', () => {
  it.each([
    ['with LF', 'phone,points,lastDay\n13800138000,5,2027-12-31\n'],
    ['with CRLF', 'phone,points,lastDay\r\n13800138000,5,2027-12-31\r\n'],
    ['with CR', 'phone,points,lastDay\r13800138000,5,2027-12-31\r'],
    ['without an end of line', 'phone,points,lastDay\n13800138000,5,2027-12-31'],
    ['with a byte-order mark', '\uFEFFphone,points,lastDay\n13800138000,5,2027-12-31'],
    ['with columns in another order', 'lastDay,points,phone\n2027-12-31,5,13800138000'],
    ['with quotes', '"phone","points",lastDay\n"13800138000","5","2027-12-31"'],
    ['with blanks around', ' phone , points , lastDay \n 13800138000 ,\t5, 2027-12-31 '],
    ['with E.164', 'phone,points,lastDay\n+8613800138000,5,2027-12-31'],
    ['with columns that stay empty', `${HEADER}\n13800138000,,,5,2027-12-31,`],
    ['with rows of commas below', `${HEADER}\n13800138000,,,5,2027-12-31,POINTS\n,,,,,\n\n  \n`],
  ])('is read %s', (_, text) => {
    expect(readRows(text, OPENING)).toEqual({ rows: [ROW], faults: [] });
  });

  it('names members in three ways, row by row, and counts lines as an editor does', () => {
    const text = `${HEADER}\n\n13800138000,,,1,2027-12-31,\n,crm-7,,2,2027-12-31,COINS\n\n,,${MEMBER},1000000000,9999-12-31,\n`;
    expect(rowsOf(text).map(({ line, member, points, currency }) => [line, member, points, currency])).toEqual([
      [3, { phone: '+8613800138000' }, 1, 'POINTS'],
      [4, { externalId: 'crm-7' }, 2, 'COINS'],
      [6, { memberId: MEMBER }, 1_000_000_000, 'POINTS'],
    ]);
  });

  it('takes the last day of the currency’s policy where a grant names none', () => {
    const text = 'externalId,points,currency\na,1,\nb,1,COINS\n';
    expect(rowsOf(text, GRANTS).map(({ lastDay, byPolicy }) => [lastDay, byPolicy])).toEqual([
      ['2026-12-31', true],
      ['9999-12-31', true],
    ]);
    expect(rowsOf('externalId,points,lastDay\na,1,2026-11-23\nb,1,\n', GRANTS).map((row) => row.byPolicy)).toEqual([
      false,
      true,
    ]);
  });

  it('may have the same member twice, with another last day or currency, and 50 rows', () => {
    const row = (i: number) => `13800138000,1,2027-01-${String(i).padStart(2, '0')},POINTS`;
    const coins = (i: number) => `13800138000,1,2027-01-${String(i).padStart(2, '0')},COINS`;
    const days = Array.from({ length: 25 }, (_, i) => i + 1);
    const text = ['phone,points,lastDay,currency', ...days.map(row), ...days.map(coins)].join('\n');
    expect(readRows(text, OPENING)).toMatchObject({ rows: { length: 50 }, faults: [] });
  });
});

describe('a header that is wrong', () => {
  it.each([
    ['', ['1 - no_rows']],
    ['\n \n', ['1 - no_rows']],
    ['phone,points,lastDay\n', ['1 - no_rows']],
    [
      'phone;points;lastDay\na',
      [
        '1 phone;points;lastDay header_unknown',
        '1 phone header_missing',
        '1 points header_missing',
        '1 lastDay header_missing',
      ],
    ],
    [
      '13800138000,5,2027-12-31\n',
      [
        '1 13800138000 header_unknown',
        '1 5 header_unknown',
        '1 2027-12-31 header_unknown',
        '1 phone header_missing',
        '1 points header_missing',
        '1 lastDay header_missing',
      ],
    ],
    ['phone,points\n13800138000,5', ['1 lastDay header_missing']],
    ['points,lastDay\n5,2027-12-31', ['1 phone header_missing']],
    ['phone,lastDay\n5,2027-12-31', ['1 points header_missing']],
    ['phone,points,points,lastDay\n1,2,3,4', ['1 points header_twice']],
    ['Phone,points,lastDay\n1,2,3', ['1 Phone header_unknown', '1 phone header_missing']],
    ['phone,points,lastDay,\n1,2,3,', ['1 - header_unknown']],
    ['phone,points,lastDay,note\n1,2,3,x', ['1 note header_unknown']],
    ['phone,points,lastDay,__proto__\n1,2,3,x', ['1 __proto__ header_unknown']],
    ['"phone,points,lastDay\n1,2,3', ['1 - malformed']],
  ])('is said: %j', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('needs no last day for grants', () => {
    expect(faultsOf('phone,points\n13800138000,5', GRANTS)).toEqual([]);
  });
});

describe('a row that is wrong', () => {
  const row = (cells: Partial<Record<'phone' | 'points' | 'day' | 'currency', string>>) => {
    const { phone = '13800138000', points = '5', day = '2027-12-31', currency = '' } = cells;
    return `phone,points,lastDay,currency\n${phone},${points},${day},${currency}`;
  };

  it.each([
    '0',
    '-5',
    '+5',
    '5.0',
    '1e3',
    '1E3',
    '0x10',
    '05',
    '１２',
    '٣',
    '1_000',
    '"1,000"',
    '1000000001',
    '9007199254740993',
    '9'.repeat(400),
    'abc',
    'NaN',
    'Infinity',
    '',
    '5 5',
    '5\u200b',
    '5\u0000',
  ])('has no whole number of points: %j', (points) => {
    const expected = /^[+-]/.test(points) ? '2 points formula' : '2 points points';
    expect(faultsOf(row({ points }))).toEqual([expected]);
  });

  it.each([
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-1-1',
    '27-01-01',
    '2027/12/31',
    '20271231',
    '31.12.2027',
    'never',
    '',
    '２０２７-12-31',
    '2027-12-31T00:00:00Z',
    '+002027-12-31',
  ])('has no day that exists: %j', (day) => {
    const expected = day.startsWith('+') ? '2 lastDay formula' : '2 lastDay day';
    expect(faultsOf(row({ day }))).toEqual([expected]);
  });

  it('is over when its last day was yesterday, and not when it is today', () => {
    expect(faultsOf(row({ day: '2026-11-22' }))).toEqual(['2 lastDay day_over']);
    expect(faultsOf(row({ day: '2026-11-23' }))).toEqual([]);
    expect(faultsOf('phone,points\n13800138000,1', { ...GRANTS, policyDays: { POINTS: '2026-11-22' } })).toEqual([
      '2 lastDay day_over',
    ]);
  });

  it.each(['138', '２３800138000', '13800138000x', '0013800138000', 'x'])('has no phone: %j', (phone) => {
    expect(faultsOf(row({ phone }))).toEqual(['2 phone phone']);
  });

  it.each(['points', 'EUR', 'POINTS2', '积分', 'toString', 'constructor'])('has no such currency: %j', (currency) => {
    expect(faultsOf(row({ currency }))).toEqual(['2 currency currency']);
  });

  it.each([
    ['=1+1', 'externalId'],
    ['@SUM(A1)', 'externalId'],
    ['-2+3', 'externalId'],
    ['+cmd|x', 'externalId'],
    ['"=HYPERLINK(""http://x"")"', 'externalId'],
    ['\t=1', 'externalId'],
  ])('has a formula: %j', (cell, column) => {
    expect(faultsOf(`externalId,points,lastDay\n${cell},5,2027-12-31`)).toEqual([`2 ${column} formula`]);
    expect(faultsOf(`phone,points,lastDay\n${cell},5,2027-12-31`)).toEqual(['2 phone formula']);
  });

  it.each([
    ['nobody', ',,', 'member'],
    ['a phone and an id', `13800138000,,${MEMBER}`, 'member'],
    ['all three', `13800138000,x,${MEMBER}`, 'member'],
  ])('names %s', (_, members, code) => {
    expect(faultsOf(`${HEADER}\n${members},5,2027-12-31,`)).toEqual([`2 - ${code}`]);
  });

  it('has no member id, or no external id', () => {
    expect(faultsOf('memberId,points,lastDay\nmem_1,5,2027-12-31')).toEqual(['2 memberId member_unknown']);
    expect(faultsOf('externalId,points,lastDay\n客户1,5,2027-12-31')).toEqual(['2 externalId external_id']);
    expect(faultsOf(`externalId,points,lastDay\n${'x'.repeat(65)},5,2027-12-31`)).toEqual(['2 externalId external_id']);
  });

  it.each([
    ['too few cells', '13800138000,5'],
    ['too many cells', '13800138000,5,2027-12-31,POINTS'],
    ['a comma in a number', '13800138000,1,000,2027-12-31'],
  ])('has %s', (_, line) => {
    expect(faultsOf(`phone,points,lastDay\n${line}`)).toEqual(['2 - cells']);
  });

  it.each(['"13800138000,5,2027-12-31', '138"00138000,5,2027-12-31', '"13800138000"x,5,2027-12-31'])(
    'has quotes that do not match, and swallows nothing below: %j',
    (line) => {
      const text = `phone,points,lastDay\n${line}\n13900139000,x,2027-12-31`;
      expect(faultsOf(text)).toEqual(['2 - malformed', '3 points points']);
    },
  );

  it('says again what a row above says, in whatever form', () => {
    const text =
      'phone,points,lastDay\n13800138000,5,2027-12-31\n+8613800138000,6,2027-12-31\n13800138000,5,2027-12-30';
    expect(faultsOf(text)).toEqual(['3 - row_twice']);
    expect(faultsOf('externalId,points,lastDay\na,1,2026-12-31\na,1,', GRANTS)).toEqual(['3 - row_twice']);
  });

  it('is the 51st', () => {
    const rows = Array.from({ length: 51 }, (_, i) => `c${i},1,2027-12-31`);
    expect(faultsOf(['externalId,points,lastDay', '', ...rows].join('\n'))).toEqual(['53 - too_many_rows']);
  });

  it('has all its faults said, in both languages, with those of other rows, in order of lines', () => {
    const { rows, faults } = readRows(
      `${HEADER}\n,,,x,y,Z1\n13800138000,,,1,2027-12-31,\n138,,,0,2027-12-31,`,
      OPENING,
    );
    expect(faults.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '2 null',
      '2 points',
      '2 currency',
      '4 phone',
      '4 points',
    ]);
    expect(rows).toHaveLength(1);
    for (const { message } of faults) {
      expect(message.zh).toMatch(/\p{Script=Han}/u);
      expect(message.en).toMatch(/^[A-Z]/);
    }
  });
});
