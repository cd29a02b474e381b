import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Operation, resolved, type Schema } from './operations.ts';
import type { World } from './world.ts';

type Fields = Record<string, unknown>;

/** A request in parts, before it is written. */
export interface Valid {
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  key: string | undefined;
}

const WORDS = [
  '茶杯',
  'Cup',
  'a',
  'ﷺ',
  '<script>',
  "'; DROP",
  '=1+1',
  '👩‍👩‍👧',
  'é',
  'مرحبا',
  '{{7*7}}',
  '%00',
  '\\u0000',
];
const DAYS = ['2026-12-31', '2027-02-28', '2028-02-29', '9999-12-31', '2026-11-23'];
const INSTANTS = ['2026-11-23T04:00:00Z', '2026-11-20T23:59:59.999+08:00', '2026-11-23T11:59:59.123456789+08:00'];

/** Values that a form takes, by the names of fields; where it is open what the mall knows of it. */
const KNOWN: Record<string, readonly unknown[]> = {
  phone: ['13800138000', '+8613900139000', '+12025550123', '18611112222'],
  externalId: ['x-1', '#', '|', '__proto__', '../..', 'a'.repeat(64)],
  currency: ['POINTS', 'POINTS', 'NO_SUCH'],
  from: ['POINTS', 'COINS'],
  to: ['COINS', 'POINTS'],
  code: ['123456', '000000'],
  grants: ['purchases:write', 'holds:write', 'catalog.write'],
  events: ['points.earned', 'order.shipped', 'no.such'],
  url: ['https://8.8.8.8/x', 'https://127.0.0.1/x', 'http://example.com', 'x', '茶'],
  points: [1, 2, 5, 1_000_000_000],
  pricePoints: [5, 5, 1, 10_000_000],
  quantity: [1, 1, 2, 99],
  batch: ['b-1', 'b-2', '__proto__'],
  subject: ['programme', '#', 'mem_1', '__proto__'],
  refreshToken: ['a.b.c', '\u0000.\u0000.\u0000', '茶.😀.x', '.', '..', '#', 'x'.repeat(200), '__proto__.__proto__.x'],
  grant_type: ['client_credentials', 'password', ''],
  timeZone: ['Asia/Shanghai', 'Mars'],
  version: [0, 0, 1, Number.MAX_SAFE_INTEGER],
  amountFen: [1, 100, 12_860, 100_000_000_000],
  line: ['1', '2', '3'],
  userName: ['li.wei', 'p-1', 'a'.repeat(32)],
  password: ['correct horse battery staple', '茶杯和帆布袋不在一起的日子', 'x'.repeat(128), '\u0000'.repeat(12)],
  newPassword: ['a quiet harbour in the evening', '茶杯和帆布袋不在一起的日子', 'x'.repeat(12)],
  secret: ['secret-of-nobody', '#', '茶'],
  invitation: [`stf_${'0'.repeat(26)}.${'x'.repeat(43)}`],
  provider: ['WECHAT', 'QQ', 'ALIPAY', 'OIDC'],
  birthday: ['1990-05-04', '2000-02-29', '1900-01-01', '9999-12-31'],
  'query:dryRun': ['true', 'false'],
  'query:limit': ['1', '20', '100'],
  'query:at': ['0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', ...INSTANTS],
  'query:from': [...DAYS, '0000-01-01', '0001-01-01', '0000-02-29'],
  'query:to': [...DAYS, '0000-01-01', '0001-01-01'],
  'query:day': [...DAYS, '0000-01-01'],
};

function text({ pattern = '', format }: Schema): fc.Arbitrary<unknown> {
  if (format === 'date') return fc.constantFrom(...DAYS);
  if (format === 'date-time') return fc.constantFrom(...INSTANTS);
  if (pattern.includes('\\p{Cc}')) return fc.constantFrom(...WORDS);
  return pattern ? fc.stringMatching(new RegExp(pattern)) : fc.constantFrom(...WORDS);
}

function object(
  { properties = {}, required = [] }: Schema,
  world: Pick<World, 'values' | 'spare'>,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, name, world)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function valueOf(given: Schema, name: string, world: Pick<World, 'values' | 'spare'>): fc.Arbitrary<unknown> {
  const schema = resolved(given);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return fc.oneof(...choice.map((one) => valueOf(one, name, world)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.type === 'object') return object(schema, world);
  if (schema.type === 'array') {
    const item = valueOf(schema.items ?? {}, name, world);
    return fc.array(item, { minLength: schema.minItems ?? 0, maxLength: Math.max(2, schema.minItems ?? 0) });
  }
  const known = world.values[name] ?? KNOWN[name];
  const form = new RegExp(schema.pattern ?? '', 'u');
  const fits = known?.filter((one) =>
    typeof one === 'number' ? schema.type === 'integer' : schema.type !== 'integer' && form.test(String(one)),
  );
  if (fits?.length && !schema.enum && (name !== 'code' || schema.pattern?.includes('6')))
    return fc.constantFrom(...fits);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type !== 'integer') return text(schema);
  const { minimum: min = 0, maximum: max = 100 } = schema;
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
}

/** What no schema says: fields that hang on one another. */
const MENDED: Record<string, (body: Fields) => Fields> = {
  'earning.report': ({ number, ...rest }) => {
    // Few of them twice, or most would be told that their number is taken.
    const body: Fields = { ...rest, number: rest['lines'] ? number : `N-${randomUUID()}` };
    const lines = (body['lines'] as Fields[] | undefined)?.map((one, i): Fields => ({ ...one, line: `${i}` }));
    const amountFen = lines?.reduce((sum, one) => sum + (one['amountFen'] as number), 0);
    return lines && amountFen && amountFen <= 100_000_000_000
      ? { ...body, lines, amountFen }
      : { ...body, lines: undefined };
  },
  'earning.reportReturn': ({ lines, amountFen, ...body }) => {
    const own = (lines as Fields[] | undefined)?.map((one, i) => ({ ...one, line: `${i}` }));
    return own ? { ...body, lines: own } : { ...body, amountFen: amountFen ?? 1 };
  },
  'partners.changeClient': (body) => (Object.keys(body).length > 0 ? body : { status: 'DISABLED' }),
  'catalog.change': (body) => (Object.keys(body).length > 0 ? body : { pricePoints: 5 }),
  'programme.replace': (body) => ({ ...body, version: body['version'] ?? 7 }),
  'programme.propose': (body) => ({ ...body, change: { ...(body['change'] as Fields), version: 7 } }),
};

/** Prefixes of ids that are not the first letters of their name. */
const PREFIXES: Record<string, string> = {
  add: 'adr',
  app: 'apr',
  hol: 'hld',
  pro: 'prd',
  sec: 'csc',
  sta: 'stf',
  web: 'whk',
};

const csvRow = (i: number) => `x-${i % 7},${1 + (i % 5)},2027-12-31`;

function bodyOf(operation: Operation, world: Pick<World, 'values' | 'spare'>): fc.Arbitrary<unknown> {
  if (!operation.body) return fc.constant(undefined);
  if (operation.row.csv) {
    return fc
      .integer({ min: 1, max: 3 })
      .map((rows) => `externalId,points,lastDay\n${Array.from({ length: rows }, (_, i) => csvRow(i)).join('\n')}`);
  }
  const mend = MENDED[operation.name] ?? ((body: Fields) => body);
  return valueOf(operation.body, '', world).map((body) => JSON.parse(JSON.stringify(mend(body as Fields))) as unknown);
}

function queryOf(operation: Operation, world: Pick<World, 'values' | 'spare'>): fc.Arbitrary<Record<string, string>> {
  const usable = operation.query.filter(([name]) => name !== 'cursor');
  const fields = usable.map(([name, schema]) => {
    const known = KNOWN[`query:${name}`];
    return [name, known ? fc.constantFrom(...known) : valueOf(schema, name, world)] as const;
  });
  const requiredKeys = usable.filter(([, , required]) => required).map(([name]) => name);
  return fc.record(Object.fromEntries(fields), { requiredKeys }).map((query) => {
    const given = query as Record<string, string>;
    if (operation.name !== 'staff.audit') return given;
    const { day = '2026-11-23', subject, ...rest } = given;
    return subject === undefined ? { ...rest, day } : { ...rest, subject };
  });
}

/** Parameters of paths that are no ids. */
const NO_IDS = ['number', 'provider'];

/** Requests that the document takes. */
export function validRequests(operation: Operation, world: Pick<World, 'values' | 'spare'>): fc.Arbitrary<Valid> {
  const closing = /merge|freeze|thaw/.test(operation.name);
  const param = (name: string) => {
    const absent = `${PREFIXES[name.slice(0, 3)] ?? name.slice(0, 3)}_${'0'.repeat(26)}`;
    const known = closing ? world.spare : (world.values[name] ?? KNOWN[name] ?? []);
    return fc.constantFrom(...(known as string[]), ...(NO_IDS.includes(name) ? [] : [absent]));
  };
  return fc.record({
    params: fc.record(Object.fromEntries(operation.params.map((name) => [name, param(name)]))),
    query: queryOf(operation, world),
    body: bodyOf(operation, world),
    key: fc.constant(undefined).map(() => (operation.row.key ? randomUUID() : undefined)),
  });
}
