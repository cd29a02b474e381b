import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { clockWord } from '../../infra/local/clock.ts';
import type { Happening } from '../../infra/local/run-log.ts';
import { type WorkerPool, workerPool } from '../../infra/local/worker-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'points-mall-sandboxes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let bundles = 0;
const pools: WorkerPool[] = [];
afterEach(async () => void (await Promise.all(pools.splice(0).map((pool) => pool.stop()))));

function bundle(code: string): string {
  const file = join(folder, `${(bundles += 1)}.mjs`);
  writeFileSync(file, code);
  return pathToFileURL(file).href;
}

/** A function of this code, and what its log came to say. */
function functionOf(code: string, environment: Record<string, string> = {}, timeoutMs = 10_000, memoryMb = 512) {
  const happened: Happening[] = [];
  const data = {
    clock: clockWord({ offset: 0 }),
    bundleUrl: bundle(code),
    handlerName: 'handler',
    functionName: 'Tried',
    functionArn: 'arn:tried',
    memoryMb,
  };
  const pool = workerPool({ data, environment, timeoutMs, log: (happening) => happened.push(happening) });
  pools.push(pool);
  const said = () => happened.flatMap((one) => (one.kind === 'said' ? [one.text] : []));
  const calls = () => happened.flatMap((one) => (one.kind === 'call' ? [one] : []));
  return { pool, said, calls };
}

const counting = 'let count = 0; export const handler = async () => (count += 1);';

describe('a function', () => {
  it.each([
    ['waits for ever', 'await new Promise(() => setInterval(() => {}, 1000));'],
    ['turns in a loop', 'for (;;);'],
  ])('that %s is ended as Lambda ends it, and the next call has a fresh one', async (_, hang) => {
    const code = `let count = 0; export const handler = async ({ hangs }) => { count += 1; console.log('called'); if (hangs) { ${hang} } return count; };`;
    const { pool, calls, said } = functionOf(code, {}, 1_000);
    expect(await pool.invoke({})).toEqual({ failed: false, value: 1 });
    expect(await pool.invoke({ hangs: true })).toMatchObject({
      failed: 'timeout',
      error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' },
    });
    expect(await pool.invoke({})).toEqual({ failed: false, value: 1 });
    expect(said()).toEqual(['called', 'called', 'called']);
    expect(calls().map(({ coldMs, failed }) => [coldMs !== undefined, failed])).toEqual([
      [true, undefined],
      [false, 'Sandbox.Timedout: Task timed out after 1.00 seconds'],
      [true, undefined],
    ]);
  });

  it('that wants more memory than it has fails, and the next call has a fresh one', async () => {
    const code = `let count = 0; export const handler = async ({ eats }) => { const all = []; while (eats) all.push(new Array(100_000).fill({})); return (count += 1); };`;
    const { pool } = functionOf(code, {}, 60_000, 128);
    await pool.invoke({});
    expect(await pool.invoke({ eats: true })).toMatchObject({
      failed: 'error',
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('out of memory') as string },
    });
    expect(await pool.invoke({})).toEqual({ failed: false, value: 1 });
  });

  it('that ends its process fails, and the next call has a fresh one', async () => {
    const code = `let count = 0; export const handler = async ({ ends }) => { if (ends) process.exit(3); return (count += 1); };`;
    const { pool } = functionOf(code);
    await pool.invoke({});
    expect(await pool.invoke({ ends: true })).toMatchObject({
      failed: 'error',
      error: { errorType: 'Runtime.ExitError', errorMessage: 'The function ended its process with code 3.' },
    });
    expect(await pool.invoke({})).toEqual({ failed: false, value: 1 });
  });

  it('that ends itself between two calls takes no third', async () => {
    const code = `let count = 0; export const handler = async () => { setTimeout(() => process.exit(1), 10); return (count += 1); };`;
    const { pool, said } = functionOf(`process.on('exit', () => console.log('gone')); ${code}`);
    await pool.invoke({});
    await expect.poll(said, { timeout: 10_000 }).toEqual(['gone']);
    expect(await pool.invoke({})).toEqual({ failed: false, value: 1 });
  });

  it('that cannot be loaded fails each call, and says why', async () => {
    const { pool } = functionOf('throw new TypeError("no such thing");');
    for (let i = 0; i < 2; i += 1)
      expect(await pool.invoke({})).toMatchObject({ failed: 'error', message: 'TypeError: no such thing' });
  });

  it('keeps its state from call to call, and says by its log which call was cold', async () => {
    const { pool, calls } = functionOf(counting);
    expect([await pool.invoke({}), await pool.invoke({})]).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(calls().map(({ coldMs }) => coldMs !== undefined)).toEqual([true, false]);
  });

  it('knows nothing of another, nor of the environment in which it all runs', async () => {
    const code = `export const handler = async () => { globalThis.seen = (globalThis.seen ?? 0) + 1; process.env.MARK = 'x'; return [globalThis.seen, Object.keys(process.env).sort(), Object.prototype.mine ?? null]; };`;
    const one = functionOf(`Object.prototype.mine = 1; ${code}`, { OWN: '1' });
    const other = functionOf(code, { OTHER: '1' });
    expect(await one.pool.invoke({})).toMatchObject({ value: [1, ['MARK', 'OWN'], 1] });
    expect(await other.pool.invoke({})).toMatchObject({ value: [1, ['MARK', 'OTHER'], null] });
    expect(process.env['MARK']).toBeUndefined();
  });

  it('is four times there for four calls at once, each with one call at a time', async () => {
    const code = `let now = 0; export const handler = async () => { now += 1; await new Promise((r) => setTimeout(r, 5)); return now--; };`;
    const { pool, calls } = functionOf(code);
    const all = await Promise.all(Array.from({ length: 20 }, () => pool.invoke({})));
    expect(new Set(all.map((outcome) => outcome.failed === false && outcome.value))).toEqual(new Set([1]));
    expect(calls().filter(({ coldMs }) => coldMs !== undefined).length).toBeLessThanOrEqual(4);
  });

  it('is another from the next call on when its bundle is replaced; what runs ends as it began', async () => {
    const slow = `export const handler = async () => { await new Promise((r) => setTimeout(r, 50)); return 'old'; };`;
    const { pool } = functionOf(slow);
    await pool.invoke({});
    const running = pool.invoke({});
    pool.replace(bundle(`export const handler = async () => 'new';`));
    expect([await running, await pool.invoke({})]).toMatchObject([{ value: 'old' }, { value: 'new' }]);
  });

  it('says each line under the call that it belongs to, and of an error the stack', async () => {
    const code = `export const handler = async ({ name }) => { console.log('one ' + name); process.stderr.write('two ' + name + '\\n'); if (name === 'b') throw new Error('third'); };`;
    const { pool, said, calls } = functionOf(code);
    await pool.invoke({ name: 'a' }, { cause: 'request-a' });
    await pool.invoke({ name: 'b' });
    expect(said().slice(0, 5)).toEqual(['one a', 'two a', 'one b', 'two b', 'Error: third']);
    expect(calls().map(({ cause, failed }) => [cause, failed])).toEqual([
      ['request-a', undefined],
      [undefined, 'Error: third'],
    ]);
  });
});
