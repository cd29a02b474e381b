import { Refusal } from '../errors.ts';

/** Something in a request that is not as it must be, and where it stands. */
export interface Fault {
  in: 'path' | 'query' | 'body';
  path: string;
  message: string;
}

/** No path that a caller made up is told back to its end. */
const LONGEST_PATH = 200;
const DEEPEST = 32;
/** A text, with a colon where it is a name; or what opens, parts and closes. */
const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|[[\]{},]/g;

export function faultAt(where: Fault['in'], path: readonly PropertyKey[], message: string): Fault {
  return { in: where, path: path.join('.').slice(0, LONGEST_PATH), message };
}

/**
 * What JSON text says. A parser takes more than two readers would agree on: a name that stands twice in its object,
 * half of a letter (a lone surrogate), and any depth are refused by their place.
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const names: Set<string>[] = [];
  const path: (string | number)[] = [];
  const refuse = (message: string) => {
    throw new Refusal('request.invalid', { errors: [faultAt('body', path, message)] });
  };
  for (const [token, quoted, isName] of text.matchAll(TOKENS)) {
    if (quoted) {
      const said = JSON.parse(quoted) as string;
      if (isName) path[path.length - 1] = said;
      if (!said.isWellFormed()) refuse('is not Unicode');
      if (isName && names.at(-1)?.has(said)) refuse('stands twice');
      if (isName) names.at(-1)?.add(said);
    } else if (token === ',') {
      const last = path.at(-1);
      if (typeof last === 'number') path[path.length - 1] = last + 1;
    } else if (token === '{' || token === '[') {
      if (path.length === DEEPEST) refuse('is too deep');
      names.push(new Set());
      path.push(token === '[' ? 0 : '');
    } else {
      names.pop();
      path.pop();
    }
  }
  return value;
}
