import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readable, saidIn } from '../../infra/local/log-lines.ts';
import { type Happening, openRunLog, readRunLog } from '../../infra/local/run-log.ts';
import { storyOf } from '../../infra/local/trace.ts';

const home = mkdtempSync(join(tmpdir(), 'points-mall-log-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const folder = () => mkdtempSync(join(home, 'run-'));

const saying = (text: string): Happening => ({ kind: 'said', function: 'F', invocationId: 'i', text });
const textsIn = (path: string) => readRunLog(path).map((line) => line.kind === 'said' && line.text);

describe('the log of the run', () => {
  it('goes on from start to start, and half a line at its end hurts nobody', () => {
    const path = folder();
    for (const text of ['one', 'two']) {
      const log = openRunLog(path);
      log.write(saying(text));
      log.close();
      log.write(saying('after the end'));
    }
    appendFileSync(join(path, 'run.jsonl'), '{"kind":"sa');
    expect(textsIn(path)).toEqual(['one', 'two']);
  });

  it('is two files that never grow beyond their bound, with the newest in them', () => {
    const path = folder();
    const log = openRunLog(path, { longest: 1_000 });
    for (let i = 0; i < 100; i += 1) log.write(saying(`line ${i}`));
    log.close();
    const files = readdirSync(path).toSorted();
    expect(files).toEqual(['run.1.jsonl', 'run.jsonl']);
    for (const name of files) expect(statSync(join(path, name)).size).toBeLessThanOrEqual(1_000);
    const left = textsIn(path);
    expect(left.length).toBeGreaterThan(5);
    expect(left).toEqual(Array.from({ length: left.length }, (_, i) => `line ${100 - left.length + i}`));
  });
});

describe('a line that is read', () => {
  it('has the time, who speaks, what and which; no colour here, where nobody looks', () => {
    const at = '2026-11-25T10:20:30.123Z';
    const call = { kind: 'call', function: 'F', invocationId: 'i', ms: 3 } as const;
    const request = {
      kind: 'request',
      requestId: 'r=',
      method: 'GET',
      path: '/x',
      routeKey: '',
      status: 500,
      ms: 1,
    } as const;
    const text = '{"level":"WARN","message":"m","service":"s","function_name":"F","count":2}';
    expect([
      readable({ at, ...saying(text) }),
      readable({ at, ...saying('bare {') }),
      readable({ at, ...call, coldMs: 240, failed: 'Error: no' }),
      readable({ at, ...request, error: 'why' }),
    ]).toEqual([
      '10:20:30.123 F WARN m {"count":2}',
      '10:20:30.123 F bare {',
      '10:20:30.123 F, 3 ms, cold start 240 ms: Error: no',
      '10:20:30.123 GET /x → 500, 1 ms: why  r=',
    ]);
  });

  it.each(['null', '[1]', '{"message":1}', ''])('that is JSON and no log line is text: %j', (text) => {
    expect(saidIn(text)).toEqual({ level: '', message: text, facts: {} });
  });
});

describe('a story', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const call = (invocationId: string, cause: string) => ({
    at: at(0),
    kind: 'call' as const,
    function: 'F',
    invocationId,
    cause,
    ms: 1,
  });
  const said = (second: number, invocationId: string, message: object) => ({
    at: at(second),
    kind: 'said' as const,
    function: 'F',
    invocationId,
    text: JSON.stringify({ level: 'INFO', ...message }),
  });
  const written = (second: number, by: string, ...keys: string[]) => said(second, by, { message: 'written', keys });
  const announced = (second: number, key: string, eventId: string) =>
    said(second, 'announcer', {
      message: 'announced',
      changes: [{ key, changedAt: Date.parse(at(second)) / 1_000 - 1, events: [{ name: 'e', eventId }] }],
    });
  const eventsOf = (story: string[]) => story.flatMap((line) => /event (\S+)/.exec(line)?.[1] ?? []);

  it('gives each of two changes of one item to the request that made it, also when a batch came twice', () => {
    const log = [
      written(1, 'a', 'K'),
      announced(2, 'K', 'first'),
      announced(2, 'K', 'first'),
      written(3, 'b', 'K', 'L'),
      announced(4, 'K', 'second'),
      call('a', 'request-a'),
      call('b', 'request-b'),
    ];
    expect(eventsOf(storyOf(log, 'request-a'))).toEqual(['first']);
    expect(eventsOf(storyOf(log, 'request-b'))).toEqual(['second']);
  });

  it('ends where events go round in a circle', () => {
    const log = [
      written(1, 'a', 'K'),
      announced(2, 'K', 'again'),
      call('a', 'start'),
      call('b', 'again'),
      call('b', 'again'),
      written(3, 'b', 'K2'),
    ];
    expect(storyOf([...log, announced(4, 'K2', 'again')], 'start').length).toBeLessThan(12);
  });

  it('of an id that nobody knows is empty', () => {
    expect(storyOf([call('a', 'x')], 'y')).toEqual([]);
  });
});
