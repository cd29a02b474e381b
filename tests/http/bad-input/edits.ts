import type { Operation } from './operations.ts';

type Path = readonly (string | number)[];

/** A body as text, and where it is wrong; nowhere in particular where it is no JSON. */
export interface Edited {
  says: string;
  text: string;
  at: string | undefined;
}

/** A field's text in place of what stands there, or one more member of an object. */
interface Edit {
  at: Path;
  raw?: string;
  extra?: string;
}

const same = (one: Path, other: Path) => one.length === other.length && one.every((step, i) => step === other[i]);

function textOf(value: unknown, edit: Edit | undefined, here: Path = []): string {
  const hit = edit && same(edit.at, here) ? edit : undefined;
  if (hit?.raw !== undefined) return hit.raw;
  if (Array.isArray(value)) return `[${value.map((one, i) => textOf(one, edit, [...here, i])).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}:${textOf(one, edit, [...here, name])}`,
  );
  return `{${[...members, ...(hit?.extra ? [hit.extra] : [])].join(',')}}`;
}

function placesIn(value: unknown, here: Path = []): [Path, unknown][] {
  if (typeof value !== 'object' || value === null) return [[here, value]];
  return [
    [here, value],
    ...Object.entries(value).flatMap(([name, one]) =>
      placesIn(one, [...here, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

export const NINES = '9'.repeat(400);
/** BAD-2: as they stand in the text. */
const NUMBERS = [
  '-1',
  '0',
  '-0',
  '0.0',
  '-0.0',
  '1.5',
  '0.1',
  '1e21',
  '1e999',
  '-1e999',
  '5e-324',
  '1e-400',
  '2147483648',
  '-2147483649',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9007199254740994',
  '18446744073709551616',
  '1e308',
  '"1"',
  '"１"',
  '" 1"',
  '"1e3"',
  '"0x10"',
  '"NaN"',
  '"Infinity"',
  '"1.0"',
  '"+1"',
  '"１２３"',
  '"١"',
  '"1\\u0000"',
  '""',
  'NaN',
  'Infinity',
  '-Infinity',
  '+1',
  '01',
  '0x10',
  '1_000',
  '.5',
  '1.',
  '1n',
  'undefined',
  "'1'",
  NINES,
  `-${NINES}`,
  `0.${NINES}`,
  `${NINES}e-400`,
  `"${NINES}"`,
  `1e${NINES}`,
  'true',
  'false',
  'null',
  '[]',
  '{}',
  '[1]',
  '{"a":1}',
  '{"$numberLong":"1"}',
  '[[1]]',
  '{"__proto__":1}',
];
const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const TEXTS = [
  'null',
  'true',
  'false',
  '0',
  '1',
  '-0',
  '1.5',
  '1e21',
  NINES,
  '[]',
  '{}',
  '["a"]',
  '{"a":"b"}',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202e"',
  '"\\u2066a"',
  '"\\u200b"',
  '"a\\nb"',
  '"\\u001b[2J"',
  '"__proto__"',
  '"constructor"',
  '"#"',
  '"|"',
  '"../../x"',
  '"%2e%2e%2f"',
  '"mem_1#POINTS"',
  `"${'x'.repeat(1e4)}"`,
  `"${'茶'.repeat(3e3)}"`,
  '"mem_00000000000000000000000000\\n"',
  '"MEM_00000000000000000000000000"',
  '"prd_0000000000000000000000000I"',
  '"ord_"',
  deep('[', ']', 30),
  deep('{"a":', '}', 30),
  deep('[', ']', 200),
  deep('{"a":', '}', 200),
  deep('[', ']', 2e4),
];
/** What no caller may say of itself, or of what it costs. */
export const FORBIDDEN = [
  'balance',
  'role',
  'tenantId',
  'price',
  'status',
  'userId',
  '__proto__',
  'constructor',
  'toString',
  'isAdmin',
  '',
  '$where',
  'id',
  'grants',
];

/** Whether half a letter stands in it, or too many things in one another. */
function isBroken(text: string): boolean {
  return /\\u(d800|dc00\\ud800)/.test(text) || /^.*(\[{33}|(\{"a":){33})/.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Edits of one body that the document does not take, and where each is wrong. */
export function editsOf(operation: Operation, body: unknown): Edited[] {
  const edits = placesIn(body).flatMap(([at, value]): Edit[] => {
    const raws = (typeof value === 'number' ? NUMBERS : TEXTS).map((raw) => ({ at, raw }));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) return raws;
    const members = Object.entries(value);
    const unknown = FORBIDDEN.map((name) => ({ at: [...at, name], extra: `${JSON.stringify(name)}:1` }));
    const twice = members.map(([name, one]) => ({
      at: [...at, name],
      extra: `${JSON.stringify(name)}:${JSON.stringify(one)}`,
    }));
    return [...raws, ...unknown, ...twice];
  });
  return edits.flatMap(({ at, raw, extra }) => {
    const text = textOf(body, extra ? { at: at.slice(0, -1), extra } : { at, raw: raw ?? '' });
    const bad = !isJson(text) || isBroken(text) || isTwice(body, at, extra) || !isTaken(operation, text);
    if (!bad) return [];
    return [
      {
        says: `${at.join('.')} ${(extra ?? raw ?? '').slice(0, 60)} of ${text.length}`,
        text,
        at: isJson(text) ? at.join('.') : undefined,
      },
    ];
  });
}

/** Whether the document takes it, as it is or without the blanks around its texts: those do not count everywhere. */
function isTaken(operation: Operation, text: string): boolean {
  const trimmed = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? value.trim() : value,
  ) as unknown;
  return operation.takes(JSON.parse(text)) || operation.takes(trimmed);
}

function isTwice(body: unknown, at: Path, extra: string | undefined): boolean {
  return extra !== undefined && placesIn(body).some(([place]) => same(place, at));
}

/** The body without one of its fields, where the document needs it. */
export function withoutOne(operation: Operation, body: unknown): Edited[] {
  return placesIn(body).flatMap(([at]) => {
    const last = at.at(-1);
    if (typeof last !== 'string') return [];
    const copy = structuredClone(body) as Record<string, unknown>;
    const parent = at
      .slice(0, -1)
      .reduce<Record<string, unknown>>((one, step) => one[step] as Record<string, unknown>, copy);
    delete parent[last];
    // Where nothing is left, another way to say it may be missed.
    const named = Object.keys(parent).length > 0 ? at : at.slice(0, -1);
    return operation.takes(copy)
      ? []
      : [{ says: `without ${at.join('.')}`, text: JSON.stringify(copy), at: named.join('.') }];
  });
}
