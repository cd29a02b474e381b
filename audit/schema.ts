/** What a value must look like; says what is wrong with it, if anything is. */
export type Form = (value: unknown, path: string) => string | undefined;

const say = (path: string, wanted: string) => `${path} is not ${wanted}`;

export const text: Form = (value, path) => (typeof value === 'string' ? undefined : say(path, 'a text'));
export const number: Form = (value, path) => (typeof value === 'number' ? undefined : say(path, 'a number'));
export const flag: Form = (value, path) => (typeof value === 'boolean' ? undefined : say(path, 'true or false'));
export const bytes: Form = (value, path) => (value instanceof Uint8Array ? undefined : say(path, 'binary'));

/** A text of this pattern. */
export function like(pattern: RegExp): Form {
  return (value, path) => (typeof value === 'string' && pattern.test(value) ? undefined : say(path, String(pattern)));
}

/** One of these. */
export function one(...of: readonly (string | number)[]): Form {
  return (value, path) => (of.includes(value as string) ? undefined : say(path, of.join(' or ')));
}

export const day = like(/^\d{4}-\d\d-\d\d$/);
export const lot = /^\d{4}-\d\d-\d\dg?$/;
export const instant = number;

function isRecord(value: unknown): value is object {
  const isOther = Array.isArray(value) || value instanceof Uint8Array || value instanceof Set;
  return typeof value === 'object' && value !== null && !isOther;
}

/** A record whose names have this pattern. */
export function each(names: RegExp, form: Form): Form {
  return (value, path) => {
    if (!isRecord(value)) return say(path, 'a record');
    for (const [name, field] of Object.entries(value)) {
      if (!names.test(name)) return `${path} has a name that is unknown: ${name}`;
      const fault = form(field, `${path}.${name}`);
      if (fault) return fault;
    }
    return undefined;
  };
}

/** A list of these. */
export function list(form: Form): Form {
  return (value, path) => {
    if (!Array.isArray(value)) return say(path, 'a list');
    for (const [i, part] of value.entries()) {
      const fault = form(part, `${path}.${i}`);
      if (fault) return fault;
    }
    return undefined;
  };
}

/** A set of some of these. */
export function some(...of: readonly string[]): Form {
  return (value, path) =>
    value instanceof Set && [...value].every((one) => of.includes(one as string))
      ? undefined
      : say(path, `a set of ${of.join(' and ')}`);
}

/** A record with exactly these fields; a `?` behind a name says that it may be absent. */
export function record(fields: Record<string, Form>): Form {
  const known = new Map(Object.entries(fields).map(([name, form]) => [name.replace(/\?$/, ''), form]));
  const needed = Object.keys(fields).filter((name) => !name.endsWith('?'));
  return (value, path) => {
    if (!isRecord(value)) return say(path, 'a record');
    const prefix = path === '' ? '' : `${path}.`;
    for (const [name, field] of Object.entries(value)) {
      const form = known.get(name);
      if (!form) return `has an attribute that is unknown: ${prefix}${name}`;
      const fault = form(field, `${prefix}${name}`);
      if (fault) return fault;
    }
    const missing = needed.find((name) => !(name in value));
    return missing === undefined ? undefined : `lacks ${prefix}${missing}`;
  };
}

/** An id with this prefix. */
export const ID = (prefix: string): Form => like(new RegExp(`^${prefix}_[0-9A-Za-z-]+$`));
export const memberId = ID('mem');
export const currency = like(/^[A-Z][A-Z0-9_]{1,15}$/);
export const lots = each(lot, number);
export const digests = { key: text, request: text };

/** A personal field, as it may lie in the table: sealed under the data key of a month. */
export const sealed = like(/^s2\.\d{4}-\d\d\.[\w-]{38,}$/);
