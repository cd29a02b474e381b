import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Watch, watchSources } from '../../infra/local/watch.ts';

const home = mkdtempSync(join(tmpdir(), 'points-mall-watch-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let root: string;
let watching: Watch;
let said: string[];
let touched: number;
let bundles: Map<string, string>;

const write = (file: string, text: string): void => {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
};
const answerOf = async (name: string): Promise<unknown> => {
  const bundle = bundles.get(name);
  if (bundle === undefined) return undefined;
  const module = (await import(/* @vite-ignore */ bundle)) as { handler: () => unknown };
  return module.handler();
};
const until = (saying: string) => expect.poll(() => said.join('\n'), { timeout: 60_000 }).toContain(saying);

beforeEach(async () => {
  root = mkdtempSync(join(home, 'tree-'));
  [said, touched, bundles] = [[], 0, new Map()];
  write('shared/greeting.ts', 'export const greeting: string = "hello";');
  write('shared/word.ts', 'export const word: string = "world";');
  write(
    'functions/a/api.ts',
    'import { greeting } from "../../shared/greeting.ts"; import { word } from "../../shared/word.ts"; export { names } from "../../shared/names.ts"; export const handler = () => `${greeting} ${word}`;',
  );
  write('functions/b/api.ts', 'import { word } from "../../shared/word.ts"; export const handler = () => word;');
  write('shared/names.json', '["Ann"]');
  write(
    'shared/names.ts',
    'import { readFileSync } from "node:fs"; export const names = () => readFileSync(new URL("names.json", import.meta.url), "utf8");',
  );
  write('functions/c/api.ts', 'export { names as handler } from "../../shared/names.ts";');
  write('infra/stages.ts', '');
  watching = await watchSources({
    root,
    functions: [
      { name: 'AApi', entry: 'a/api', files: ['shared/names.json'] },
      { name: 'BApi', entry: 'b/api' },
      { name: 'CApi', entry: 'c/api', files: ['shared/names.json'] },
    ],
    outdir: join(root, 'out'),
    replace: (name, url) => bundles.set(name, url),
    say: (line) => said.push(line),
    templateTouched: () => (touched += 1),
  });
});
afterEach(() => watching.stop());

describe('an edit under --watch', () => {
  it('replaces the functions that are made of it, and no other', async () => {
    write('shared/greeting.ts', 'export const greeting: string = "good morning";');
    await until(': AApi');
    expect([...bundles.keys()]).toEqual(['AApi']);
    expect(await answerOf('AApi')).toBe('good morning world');
    write('shared/word.ts', 'export const word: string = "moon";');
    await until(': AApi, BApi');
    expect([await answerOf('AApi'), await answerOf('BApi')]).toEqual(['good morning moon', 'moon']);
    expect(touched).toBe(0);
  });

  it('by an editor that puts a new file in the place of the old one is seen each time', async () => {
    for (const word of ['sun', 'star', 'comet']) {
      write('shared/word.ts.new', `export const word: string = "${word}";`);
      renameSync(join(root, 'shared/word.ts.new'), join(root, 'shared/word.ts'));
      await expect.poll(() => answerOf('BApi'), { timeout: 10_000 }).toBe(word);
    }
  });

  it('in a folder that was not there before is seen', async () => {
    write('shared/far/away.ts', 'export const word: string = "Mars";');
    write('functions/b/api.ts', 'import { word } from "../../shared/far/away.ts"; export const handler = () => word;');
    await expect.poll(() => answerOf('BApi'), { timeout: 10_000 }).toBe('Mars');
    write('shared/far/away.ts', 'export const word: string = "Pluto";');
    await expect.poll(() => answerOf('BApi'), { timeout: 10_000 }).toBe('Pluto');
  });

  it('of a file beside it replaces the functions that have it, wherever their code is that reads it', async () => {
    write('shared/names.json', '["Ben"]');
    await until(': AApi, CApi');
    expect(await answerOf('CApi')).toBe('["Ben"]');
    expect(touched).toBe(0);
  });

  it('that does not build is said with its place, and what ran before goes on', async () => {
    write('functions/b/api.ts', 'export const handler = () => (;\n');
    await until('! functions/b/api.ts:1: Unexpected ";" (what ran before goes on)');
    expect(bundles.size).toBe(0);
    write(
      'functions/b/api.ts',
      'import { word } from "../../shared/word.ts"; export const handler = () => `${word}!`;',
    );
    await until('reloaded');
    expect([...bundles.keys()]).toEqual(['BApi']);
    expect(await answerOf('BApi')).toBe('world!');
  });

  it.each(['infra/stages.ts', 'shared/a/contract.ts', 'shared/calendar.ts'])(
    'of %s asks for the template',
    async (file) => {
      write(file, 'export const changed = 1;');
      await expect.poll(() => touched, { timeout: 60_000 }).toBe(1);
      expect(bundles.size).toBe(0);
    },
  );
});
