import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

export type Area = 'audit' | 'bin' | 'infra' | 'functions' | 'shared' | 'tests';

/** One `import` or `export … from`. */
export interface Import {
  line: number;
  /** What stands before `from`: `type { A }`, `* as z`, `{ a, type B }`; empty for `import('…')`. */
  clause: string;
  /** The path of one of our files, or the name of a package. */
  target: string;
  /** Where our file lies. */
  to: Place | undefined;
}

/** Where a path lies: `shared/points/rules.ts` is the file `rules.ts` of the room `points` in the area `shared`. */
export interface Place {
  path: string;
  area: Area;
  /** The folder inside the area, empty for a file that lies directly in it. */
  room: string;
  name: string;
}

export interface File extends Place {
  source: string;
  /** The source with blanks for comments and the insides of strings: what is left is what runs. */
  code: string;
  imports: Import[];
}

const AREAS: readonly string[] = ['audit', 'bin', 'infra', 'functions', 'shared', 'tests'] satisfies Area[];

/** Every source file and README of the house under `root`, by path. */
export function houseAt(root: URL): Record<string, string> {
  const files: Record<string, string> = {};
  for (const area of AREAS) {
    for (const entry of readdirSync(new URL(area, root), { recursive: true, encoding: 'utf8' })) {
      if (!/(\.ts|README\.md)$/.test(entry) || entry.includes('node_modules')) continue;
      const path = posix.join(area, entry.replaceAll('\\', '/'));
      files[path] = readFileSync(new URL(path, root), 'utf8');
    }
  }
  return files;
}

export function placeOf(path: string): Place | undefined {
  const [area = '', ...rest] = path.split('/');
  if (!isArea(area)) return undefined;
  return { path, area, room: rest.length > 1 ? (rest[0] ?? '') : '', name: rest.at(-1) ?? '' };
}

export function read(path: string, source: string): File | undefined {
  const place = placeOf(path);
  if (!place) return undefined;
  const file: File = { ...place, source, code: running(source, { strings: false }), imports: [] };
  return { ...file, imports: importsOf(file) };
}

/** The lines on which a pattern stands in what runs. */
export function linesWith({ code }: File, pattern: RegExp): number[] {
  return [...code.matchAll(new RegExp(pattern, 'g'))].map(({ index }) => lineAt(code, index));
}

export function isTypeOnly({ clause }: Import): boolean {
  return clause.startsWith('type ');
}

/** The names that an import brings to run time: types are left out. */
export function valuesOf(asked: Import): string[] {
  if (isTypeOnly(asked)) return [];
  const names = asked.clause.split(/[{},]/).map((name) => name.trim());
  return names.filter((name) => name !== '' && !name.startsWith('type '));
}

function isArea(name: string): name is Area {
  return AREAS.includes(name);
}

const STATEMENT =
  /^[ \t]*(?:import|export)\b(?:(?<clause>(?:(?!\n[ \t]*(?:import|export)\b)[^'"`;=()])*?)\bfrom)?\s*['"](?<target>[^'"\n]+)['"]/gm;
const CALL = /\b(?:import|require)\(\s*['"](?<target>[^'"\n]+)['"]/g;

function importsOf(from: File): Import[] {
  const text = running(from.source, { strings: true });
  const written = [...text.matchAll(STATEMENT), ...text.matchAll(CALL)];
  return written.flatMap(({ index, 0: words, groups }) => {
    // Inside a string, as in the sources that tests make up, it is no import.
    if (from.code.slice(index, index + words.length).search(/import|export|require/) < 0) return [];
    const { clause = '', target: specifier = '' } = groups ?? {};
    const isOurs = specifier.startsWith('.');
    const target = isOurs ? posix.join(posix.dirname(from.path), specifier) : specifier;
    const line = lineAt(text, index + words.length);
    return [{ line, clause: clause.trim(), target, to: isOurs ? placeOf(target) : undefined }];
  });
}

const TOKEN = {
  comment: String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`,
  string: String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`,
  insert: String.raw`\$\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}`,
  regex: String.raw`(?<=(?:^|[=(,:;!&|?{}[\n]|=>|\breturn)[ \t]*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*`,
};
const INSERT = new RegExp(TOKEN.insert, 'g');
const TEMPLATE = `\`(?:\\\\[\\s\\S]|${TOKEN.insert}|[^\`\\\\])*\``;
const NOT_RUNNING = new RegExp([TOKEN.comment, TOKEN.string, TEMPLATE, TOKEN.regex].join('|'), 'g');

/**
 * The source with blanks for comments and, unless they are kept, for the insides of strings; what a template inserts
 * stays. Every character that is left stands where it stood.
 */
function running(source: string, keep: { strings: boolean }): string {
  return source.replaceAll(NOT_RUNNING, (token) => {
    if (/^\/[/*]/.test(token)) return blank(token);
    if (keep.strings) return token;
    if (!token.startsWith('`')) return `'${blank(token.slice(2))}'`;
    const inserts = [...token.matchAll(INSERT)];
    const code = inserts.map(({ index, 0: insert }) => ({ index, insert: ` (${running(insert.slice(2, -1), keep)})` }));
    return code.reduce(
      (text, { index, insert }) => text.slice(0, index) + insert + text.slice(index + insert.length),
      blank(token),
    );
  });
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
