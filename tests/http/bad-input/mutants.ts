import { gzipSync } from 'node:zlib';
import { editsOf, FORBIDDEN, NINES, withoutOne } from './edits.ts';
import type { Operation } from './operations.ts';
import type { Wire } from './sending.ts';
import type { Valid } from './valid.ts';
import { wireOf } from './wire.ts';
import type { World } from './world.ts';

/** Where a request is wrong: in which part, and at which field of it; or which codes alone say it. */
export interface Wrong {
  in: 'path' | 'query' | 'body' | 'codes';
  at: string;
}

export interface Mutant {
  says: string;
  wire: Wire;
  wrong: Wrong;
}

function ofBytes(operation: Operation, valid: Valid, wire: Wire): Mutant[] {
  const bytes = wire.body ?? Buffer.from('{}');
  const codes = (at: string): Wrong => ({ in: 'codes', at });
  const json = operation.media === 'application/json';
  const typed = { ...wire.headers, 'content-type': operation.media };
  const sent = (says: string, body: Buffer, at: string, headers = {}) => ({
    says,
    wire: { ...wire, body, headers: { ...typed, ...headers } },
    wrong: codes(at),
  });
  const utf16 = Buffer.from(`\uFEFF${bytes.toString('utf8')}`, 'utf16le');
  const always = [
    sent('bad UTF-8', Buffer.concat([bytes, Buffer.from([0xc3, 0x28])]), 'request.malformed'),
    sent('a surrogate in UTF-8', Buffer.concat([bytes, Buffer.from([0xed, 0xa0, 0x80])]), 'request.malformed'),
    sent('an overlong zero', Buffer.concat([bytes, Buffer.from([0xc0, 0x80])]), 'request.malformed'),
    sent('gzip that says so', gzipSync(bytes), 'request.media_type', { 'content-encoding': 'gzip' }),
    sent('1 MB', Buffer.alloc(900_000, 0x20), 'request.too_large'),
    sent('one byte too many', Buffer.concat([bytes, Buffer.alloc(65_537 - bytes.length, 0x20)]), 'request.too_large'),
    sent('another type', bytes, 'request.media_type', { 'content-type': 'text/plain' }),
    sent('no type', bytes, 'request.media_type', { 'content-type': '' }),
    sent(
      'an XML',
      Buffer.from('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
      'request.media_type',
      { 'content-type': 'application/xml' },
    ),
  ];
  if (!json) return always;
  return [
    ...always,
    sent('a mark of the byte order', Buffer.concat([Buffer.from('\uFEFF'), bytes]), 'request.malformed'),
    sent('UTF-16', utf16, 'request.malformed'),
    sent('gzip', gzipSync(bytes), 'request.malformed'),
    sent('half of it', bytes.subarray(0, -1), 'request.malformed'),
    sent('two of it', Buffer.concat([bytes, bytes]), 'request.malformed'),
    sent('blanks', Buffer.from('  '), 'request.malformed'),
    ...(operation.takes(undefined) || (operation.body && valid.body === undefined) || operation.takes({})
      ? []
      : [{ says: 'nothing', wire: withoutBody(wire), wrong: { in: 'body', at: '' } as const }]),
  ];
}

function withoutBody({ method, path, headers }: Wire): Wire {
  return { method, path, headers };
}

function ofBody(operation: Operation, valid: Valid, wire: Wire): Mutant[] {
  if (!operation.body) return [];
  const raw = ofBytes(operation, valid, wire);
  if (operation.media === 'text/csv') {
    const bad = [
      'x',
      'externalId,points\nx',
      'a,a\n1,1',
      'externalId,points,lastDay\nx-1,-1,2027-12-31',
      'externalId,points,lastDay\nx,1e3,2027-12-31',
      'externalId,points,lastDay\n=1,1,2027-12-31',
      `externalId,points,lastDay\n${'x,1,2027-12-31\n'.repeat(51)}`,
      'externalId,points,lastDay\nx\u0000,1,2027-12-31',
      'externalId,points,lastDay\n"x,1,2027-12-31',
      `externalId,points,lastDay\nx,${NINES},2027-12-31`,
    ];
    return [
      ...raw,
      ...bad.map((text) => ({
        says: text.slice(0, 60),
        wire: { ...wire, body: Buffer.from(text) },
        wrong: { in: 'codes', at: 'points.rows_invalid' } as const,
      })),
    ];
  }
  if (operation.media !== 'application/json') {
    const names = ['grant_type', 'client_id', 'client_secret', 'scope'];
    return [
      ...raw,
      ...names.map((name) => ({
        says: `${name} twice`,
        wire: {
          ...wire,
          headers: { ...wire.headers, 'content-type': operation.media },
          body: Buffer.from(`${name}=a&${name}=b`),
        },
        wrong: { in: 'body', at: name } as const,
      })),
    ];
  }
  const headers = { ...wire.headers, 'content-type': operation.media };
  const given = valid.body ?? {};
  const edited = [...editsOf(operation, given), ...withoutOne(operation, given)].map(
    ({ says, text, at }): Mutant => ({
      says,
      wire: { ...wire, headers, body: Buffer.from(text) },
      wrong: at === undefined ? { in: 'codes', at: 'request.malformed' } : { in: 'body', at },
    }),
  );
  return [...raw, ...edited];
}

const ODD = [
  '',
  ' ',
  'x',
  '__proto__',
  'constructor',
  '#',
  '|',
  '.',
  '..',
  '../x',
  '%',
  '%00',
  '\u0000',
  '\n',
  '\u202e',
  '１',
  '-1',
  '0',
  '1.5',
  '1e1',
  '101',
  'true ',
  'NULL',
  "'",
  'mem_1',
  'mem_00000000000000000000000000x',
  'prd_0000000000000000000000000I',
  'ord_0000000000000000000000000',
  'MEM_00000000000000000000000000',
  '2026-02-30',
  '2026-11-23T04:00:00',
  '2026-13-01T00:00:00Z',
  'x'.repeat(10_000),
  '茶',
  '\uFFFD',
  'a,b',
  'points',
  'A#B',
];

function ofQuery(operation: Operation, valid: Valid, wireFor: (valid: Valid) => Wire): Mutant[] {
  const { row } = operation;
  const unknown = row.form ? [] : FORBIDDEN.map((name) => ({ name, value: '1' }));
  const known = operation.query.flatMap(([name]) => ODD.map((value) => ({ name, value })));
  return [...unknown, ...known].flatMap(({ name, value }): Mutant[] => {
    const query = { ...valid.query, [name]: value };
    Object.defineProperty(query, name, { value, enumerable: true });
    const wire = wireFor({ ...valid, query });
    const says = `query ${name}=${value.slice(0, 40)}`;
    const read = row.query?.safeParse(query);
    if (name === 'cursor' && read?.success)
      return [{ says, wire, wrong: { in: 'codes', at: 'request.cursor_invalid' } as const }];
    return read?.success ? [] : [{ says, wire, wrong: { in: 'query', at: name } as const }];
  });
}

function ofPath(operation: Operation, valid: Valid, wireFor: (valid: Valid) => Wire): Mutant[] {
  return operation.params.flatMap((name) =>
    ODD.flatMap((value) => {
      const params = { ...valid.params, [name]: value };
      if (operation.row.params?.safeParse(params).success) return [];
      const wire = wireFor({ ...valid, params });
      return [
        {
          says: `${name} ${value.slice(0, 40)}`,
          wire,
          wrong:
            value === '' ? ({ in: 'codes', at: 'request.unknown_path' } as const) : ({ in: 'path', at: name } as const),
        },
      ];
    }),
  );
}

function ofHeaders(operation: Operation, wire: Wire, world: World): Mutant[] {
  const { row } = operation;
  const key = (says: string, value: string | undefined, at: string): Mutant[] => {
    const { 'idempotency-key': _, ...headers } = wire.headers;
    return row.key
      ? [
          {
            says,
            wire: { ...wire, headers: { ...headers, ...(value !== undefined && { 'idempotency-key': value }) } },
            wrong: { in: 'codes', at },
          },
        ]
      : [];
  };
  const as = (says: string, authorization: string, at: string): Mutant[] =>
    row.auth === 'none'
      ? []
      : [{ says, wire: { ...wire, headers: { ...wire.headers, authorization } }, wrong: { in: 'codes', at } }];
  const strangers = (['member', 'partner', 'staff'] as const).filter((kind) => kind !== row.auth);
  const mine = row.auth === 'none' ? '' : world.tokens[row.auth];
  return [
    ...key('no key', undefined, 'request.key_missing'),
    ...key('an empty key', '', 'request.key_missing'),
    ...key('a key of 129', 'k'.repeat(129), 'request.key_invalid'),
    ...key('a key of 8 KB', 'k'.repeat(8_000), 'request.key_invalid'),
    ...key('a key with a blank', 'a b', 'request.key_invalid'),
    ...key('a key in Latin 1', 'é', 'request.key_invalid'),
    ...as('no bearer', 'x', 'auth.token_invalid'),
    ...as('a token cut short', `Bearer ${mine.slice(0, -2)}`, 'auth.token_invalid'),
    ...as('a token of nobody', 'Bearer a.b.c', 'auth.token_invalid'),
    ...as('a token without a seal', `Bearer ${mine.split('.').slice(0, 2).join('.')}.`, 'auth.token_invalid'),
    ...strangers.flatMap((kind) => as(`the token of a ${kind}`, `Bearer ${world.tokens[kind]}`, 'auth.forbidden')),
  ];
}

/** Requests that must be refused, made out of one that is taken. */
export function mutantsOf(operation: Operation, valid: Valid, world: World): Mutant[] {
  const token = operation.row.auth === 'none' ? undefined : world.tokens[operation.row.auth];
  const wireFor = (given: Valid) => wireOf(operation, given, token);
  const wire = wireFor(valid);
  return [
    ...ofHeaders(operation, wire, world),
    ...ofPath(operation, valid, wireFor),
    ...ofQuery(operation, valid, wireFor),
    ...ofBody(operation, valid, wire),
  ];
}
