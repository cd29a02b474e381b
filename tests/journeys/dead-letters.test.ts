import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../bin/seed.ts';
import { readAssembly } from '../../infra/local/assembly.ts';
import { ofType, readResources } from '../../infra/local/resources.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { synthesize } from '../../infra/local/synthesis.ts';
import { patiently } from '../support/patience.ts';
import { somePhone } from '../support/people.ts';
import { personOf, type RunningMall } from '../support/running.ts';

const REDRIVE = fileURLToPath(new URL('../../bin/redrive.ts', import.meta.url));

const data = mkdtempSync(join(tmpdir(), 'points-mall-dead-letters-'));
let runtime: Runtime;
let mall: RunningMall;
async function start(): Promise<void> {
  runtime = await startRuntime({ synthesize, data, port: 0 });
  Object.assign(process.env, runtime.env);
}
beforeAll(async () => {
  await start();
  mall = personOf(runtime, await patiently(() => seed({ api: runtime.api })));
});
afterAll(async () => {
  await runtime.stop();
  rmSync(data, { recursive: true, force: true });
});

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [REDRIVE, '--data', data, ...args]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => void (said.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => void (said.err += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

/** The function of this entry, and where its code lies. */
function bundleOf(entry: string): { name: string; url: string } {
  const { name = '' } = runtime.functions.sources.find(({ file }) => file === `functions/${entry}.ts`) ?? {};
  const functions = ofType<{ Code: { S3Key: string } }>(
    readResources(readAssembly(runtime.cdkOut)),
    'AWS::Lambda::Function',
  );
  const asset = functions.find((one) => one.name === name)?.properties.Code.S3Key.replace(/\.zip$/, '') ?? '';
  return { name, url: pathToFileURL(join(runtime.cdkOut, `asset.${asset}`, 'index.mjs')).href };
}

/** Puts code that fails in the place of a function; gives back what puts the function back. */
function poison(entry: string): () => void {
  const { name, url } = bundleOf(entry);
  const broken = join(data, `${name}.mjs`);
  writeFileSync(broken, 'export const handler = async () => { throw new Error("the cause"); };');
  runtime.functions.replace(name, pathToFileURL(broken).href);
  return () => runtime.functions.replace(name, url);
}

/** Lets a function begin its work a second late. */
function slow(entry: string): void {
  const { name, url } = bundleOf(entry);
  const late = join(data, `${name}-late.mjs`);
  writeFileSync(
    late,
    `import { handler as real } from '${url}';
export const handler = async (...given) => { await new Promise((go) => setTimeout(go, 1_000)); return real(...given); };`,
  );
  runtime.functions.replace(name, pathToFileURL(late).href);
}

async function buy(number: string): Promise<void> {
  const token = await mall.tokenOf(mall.demo.till);
  const body = { number, amountFen: 10_000, member: { phone: somePhone() } };
  expect((await mall.send('POST', '/v1/purchases', { token, body })).status).toBe(201);
}

async function lettersLeft(): Promise<number> {
  return ((await (await fetch(`${mall.api}/local/dead-letters`)).json()) as object[]).length;
}

describe('what became a dead letter', () => {
  it('of a reaction is shown with its reason, stays while the cause does, and is done once when it is mended', async () => {
    const mend = poison('points/on-points-lot-opened');
    await buy('D-1');
    expect((await mall.drain()).deadLetters).toBe(1);
    expect((await mall.violations()).map(({ invariant }) => invariant)).toEqual(['INV-22']);
    const listed = await run('--list');
    expect([listed.code, listed.out]).toEqual([
      0,
      expect.stringMatching(/points\.lot_opened\n {2}Error: the cause\n1 dead/),
    ]);
    const tooSoon = await run('--all');
    expect([tooSoon.code, tooSoon.out]).toEqual([1, expect.stringContaining('failed again: Error: the cause')]);
    mend();
    const [id = ''] = listed.out.split(' ');
    expect(await run(id)).toMatchObject({ code: 0, out: '1 handed back and done, 0 left where they were.\n' });
    expect(await lettersLeft()).toBe(0);
    expect(await mall.violations()).toEqual([]);
  });

  it('of the reader of the stream is announced once when it is mended', async () => {
    await mall.drain();
    const before = (await mall.events('points.earned')).length;
    const mend = poison('announcer/on-table-change');
    await buy('D-2');
    expect((await mall.drain()).deadLetters).toBeGreaterThan(0);
    mend();
    expect((await mall.events('points.earned')).length).toBe(before);
    expect(await run('--all')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ 0 left where they were/) as string,
    });
    await mall.drain();
    expect([await lettersLeft(), (await mall.events('points.earned')).length]).toEqual([0, before + 1]);
    expect(await run('--all')).toMatchObject({ code: 0, out: '0 handed back and done, 0 left where they were.\n' });
    expect(await mall.violations()).toEqual([]);
  });

  it.each(['', '--list --all', 'a b'])('is not touched for "%s", with the usage', async (args) => {
    const { code, err } = await run(...args.split(' ').filter(Boolean));
    expect([code, err]).toEqual([2, expect.stringMatching(/^Say one: --list, --all, or the id/)]);
  });
});

describe('what is under way when everything stops', () => {
  it('is ended first: nothing that was acknowledged wants its reaction after the next start', async () => {
    await mall.drain();
    slow('points/on-points-lot-opened');
    const before = (await mall.events('points.lot_opened')).length;
    await buy('D-3');
    await expect
      .poll(async () => (await mall.events('points.lot_opened')).length, { timeout: 20_000 })
      .toBe(before + 1);
    await runtime.stop();
    await start();
    mall = personOf(runtime, mall.demo);
    expect(await mall.violations()).toEqual([]);
  });
});
