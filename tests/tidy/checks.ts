import { type File, type Import, linesWith, type Place, read } from './house.ts';

interface Fault {
  path: string;
  line?: number;
  /** What is wrong there: the first half of the sentence. */
  what: string;
}

export interface House {
  files: File[];
  has: (path: string) => boolean;
  text: (path: string) => string;
}

export type Check = (house: House) => Fault[];

/** A rule of the house. `says` is what to do instead: the second half of every sentence about a breach. */
export interface Rule {
  name: string;
  says: string;
  check: Check;
}

/** Every breach of the rules in these files, a sentence each: where, what, and what to do instead. */
export function findings(rules: readonly Rule[], files: Record<string, string>): string[] {
  const house: House = {
    files: Object.entries(files).flatMap(([path, source]) => (path.endsWith('.ts') ? (read(path, source) ?? []) : [])),
    has: (path) => path in files,
    text: (path) => files[path] ?? '',
  };
  return rules.flatMap(({ check, says }) =>
    check(house).map(({ path, line, what }) => `${path}${line ? `:${line}` : ''} ${what}. ${says}`),
  );
}

export const anywhere = (): boolean => true;

/** Finds every import that is a breach; `to` is where the file lies, and is missing for a package. */
export function imports(isBreach: (from: Place, to: Place | undefined, asked: Import) => boolean): Check {
  return ({ files }) =>
    files.flatMap((from) =>
      from.imports
        .filter((asked) => isBreach(from, asked.to, asked))
        .map(({ line, target }) => ({ path: from.path, line, what: `imports ${target}` })),
    );
}

/** Finds every import of one of our own files that is a breach. */
export function ownImports(isBreach: (from: Place, to: Place, asked: Import) => boolean): Check {
  return imports((from, to, asked) => to !== undefined && isBreach(from, to, asked));
}

/** Finds every line on which one of the patterns runs, in the files of which the clause speaks. */
export function words(where: (place: Place) => boolean, patterns: Record<string, RegExp>): Check {
  return ({ files }) =>
    files
      .filter(where)
      .flatMap((file) =>
        Object.entries(patterns).flatMap(([what, pattern]) =>
          linesWith(file, pattern).map((line) => ({ path: file.path, line, what: `says ${what}` })),
        ),
      );
}

const CLASS = /(?<![.\w$])class\s+(?:(?!extends\b)[\w$]+)?(?:<[^{]*?>)?\s*(?:extends\s+(?<parent>[\w$.]+))?[^{;=]*\{/g;

/** Finds every class whose parent is not one of these. */
export function classes(where: (place: Place) => boolean, parents: RegExp): Check {
  return ({ files }) =>
    files.filter(where).flatMap((file) =>
      [...file.code.matchAll(CLASS)]
        .filter(({ groups }) => !parents.test(groups?.['parent'] ?? ''))
        .map(({ index, 0: text }) => ({
          path: file.path,
          line: file.code.slice(0, index).split('\n').length,
          what: `says ${text.replace(/\s*\{$/, '')}`,
        })),
    );
}

/** Finds every file that is a breach as a whole, and says of it what `what` says. */
export function whole(where: (place: Place) => boolean, what: (file: File, house: House) => string | undefined): Check {
  return (house) =>
    house.files.filter(where).flatMap((file) => {
      const fault = what(file, house);
      return fault === undefined ? [] : [{ path: file.path, what: fault }];
    });
}
