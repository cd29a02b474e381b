import { BlockList, isIP } from 'node:net';
import { Refusal } from './refusal.ts';

/** A rule's pattern: lists of what a field may be, nested by field; `$or` holds alternatives. */
export type Pattern = { [field: string]: Pattern | readonly unknown[] };

type Test = (value: unknown) => boolean;

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** A text, or `{"equals-ignore-case": text}` in its place: the text, and how to compare with it. */
function spelled(argument: unknown): [text: string, fold: (text: string) => string] | undefined {
  if (isText(argument)) return [argument, (text) => text];
  const folded = isObject(argument) && Object.keys(argument).length === 1 ? argument['equals-ignore-case'] : undefined;
  return isText(folded) ? [folded.toLowerCase(), (text) => text.toLowerCase()] : undefined;
}

function affix(argument: unknown, has: (value: string, text: string) => boolean): Test | undefined {
  const [text, fold] = spelled(argument) ?? [];
  return text !== undefined && fold ? (value) => isText(value) && has(fold(value), text) : undefined;
}

/** `*` stands for any run of characters; `\*` and `\\` for themselves. Two stars in a row are refused, as in AWS. */
function wildcard(argument: unknown): Test | undefined {
  if (!isText(argument) || argument.includes('**')) return undefined;
  const parts = argument.match(/\\[*\\]|[^\\]|\\/g) ?? [];
  const source = parts.map((part) =>
    part === '*' ? '.*' : (part.at(-1) ?? '').replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`),
  );
  const pattern = new RegExp(`^${source.join('')}$`, 's');
  return (value) => isText(value) && pattern.test(value);
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numeric(argument: unknown): Test | undefined {
  if (!Array.isArray(argument) || ![2, 4].includes(argument.length)) return undefined;
  const pairs = argument.flatMap((sign, i) =>
    i % 2 === 0 ? [[COMPARISONS[String(sign)], argument[i + 1]] as const] : [],
  );
  if (!pairs.every(([holds, bound]) => holds && typeof bound === 'number')) return undefined;
  return (value) => typeof value === 'number' && pairs.every(([holds, bound]) => holds?.(value, bound as number));
}

function cidr(argument: unknown): Test | undefined {
  const [address = '', bits = ''] = isText(argument) ? argument.split('/') : [];
  const version = isIP(address);
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return undefined;
  const net = new BlockList();
  net.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return (value) => isText(value) && isIP(value) === version && net.check(value, version === 4 ? 'ipv4' : 'ipv6');
}

function equalsIgnoreCase(argument: unknown): Test | undefined {
  const wanted = [argument].flat();
  if (wanted.length === 0 || !wanted.every(isText)) return undefined;
  return (value) => isText(value) && wanted.some((text) => same(text, value));
}

const NEGATED = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** Not one of these values, or, with an operator inside, not what that finds. The field must be there. */
function anythingBut(argument: unknown): Test | undefined {
  if (isObject(argument)) {
    const [[name, inner] = ['', undefined], ...more] = Object.entries(argument);
    if (!NEGATED.includes(name) || more.length > 0) return undefined;
    const tests = [inner].flat().map((one) => OPERATORS[name]?.(one));
    return tests.every((test) => test !== undefined) ? (value) => !tests.some((test) => test(value)) : undefined;
  }
  const values: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  const plain = values.every((value) => isText(value) || typeof value === 'number');
  return values.length > 0 && plain ? (value) => !values.some((one) => one === value) : undefined;
}

const OPERATORS: Record<string, (argument: unknown) => Test | undefined> = {
  prefix: (argument) => affix(argument, (value, text) => value.startsWith(text)),
  suffix: (argument) => affix(argument, (value, text) => value.endsWith(text)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
  numeric,
  cidr,
  'anything-but': anythingBut,
  exists: (argument) => (typeof argument === 'boolean' ? (value) => (value !== undefined) === argument : undefined),
};

/** What one entry of a list asks of a value; undefined when it is not known here. */
function testOf(wanted: unknown): Test | undefined {
  if (!isObject(wanted)) return Array.isArray(wanted) ? undefined : (value) => value === wanted;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(wanted);
  return more.length > 0 ? undefined : OPERATORS[name]?.(argument);
}

function refuse(rule: string, field: string, wanted: unknown): never {
  throw new Refusal(
    `The rule ${rule} matches ${field} by ${JSON.stringify(wanted)}, which the local bus does not know: teach it in infra/local/event-pattern.ts.`,
  );
}

/** Refuses a pattern with an operator that is not matched here, before anything runs. */
export function checkPattern(pattern: Pattern, rule: string): void {
  for (const [field, wanted] of Object.entries(pattern)) {
    if (field === '$or') {
      if (!Array.isArray(wanted) || wanted.length < 2 || !wanted.every(isObject)) refuse(rule, field, wanted);
      for (const one of wanted as Pattern[]) checkPattern(one, rule);
    } else if (!Array.isArray(wanted)) checkPattern(wanted as Pattern, rule);
    else {
      const unknown: unknown = wanted.find((value) => !testOf(value));
      if (unknown !== undefined || wanted.length === 0) refuse(rule, field, unknown ?? wanted);
    }
  }
}

/** A list holds for a list when it holds for one of its members; for one that is empty, as for what is not there. */
function holds(wanted: readonly unknown[], value: unknown): boolean {
  const values: unknown[] = Array.isArray(value) ? (value.length > 0 ? value : [undefined]) : [value];
  return wanted.some((one) => {
    const test = testOf(one);
    const isAbsent = isObject(one) && one['exists'] === false;
    return values.some((each) => (each === undefined && !isAbsent ? false : isObject(each) ? false : test?.(each)));
  });
}

/** Whether the event is, in each field of the pattern, what EventBridge would take for it. */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((one) => matches(pattern, one));
  const fields = isObject(event) ? event : {};
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return (wanted as Pattern[]).some((one) => matches(one, event));
    if (Array.isArray(wanted)) return holds(wanted, fields[field]);
    return matches(wanted as Pattern, fields[field]);
  });
}
