import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { audit } from '../../audit/audit.ts';
import { type Attribute, itemOf } from '../../audit/item.ts';
import { readOptions } from '../../audit/options.ts';
import { seal } from '../../shared/platform/chain-seal.ts';
import { turn } from '../../shared/staff/switching.ts';
import { type Item, toAttributes } from '../../shared/table/client.ts';
import { openMall, ZONE } from '../support/mall.ts';
import { memberWith } from '../support/people.ts';
import { allItems, counts, force } from '../support/table.ts';
import { verdict } from './random-world.ts';

openMall();

const COMMAND = fileURLToPath(new URL('../../bin/audit.ts', import.meta.url));

/** Runs the command as an operator would. */
function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => void (said.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => void (said.err += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

describe('npm run audit', () => {
  const there = () => ['--dynamodb', inject('dynamodb'), '--table', process.env.TABLE_NAME ?? ''];
  let memberId: string;
  beforeAll(async () => {
    memberId = await memberWith(50);
  });

  it('ends with 1 and names the break, with 0 once it is mended', async () => {
    const [purchase] = (await allItems()).filter(({ type }) => type === 'purchase') as [Item & { lastDay: string }];
    const broken = await run(...there(), '--json');
    const { checked, violations } = JSON.parse(broken.out) as {
      checked: number;
      violations: { invariant: string; key: string }[];
    };
    const all = [...(await allItems()), ...(await counts())];
    expect([broken.code, checked]).toEqual([1, all.length]);
    expect(violations.map(({ invariant }) => invariant)).toEqual(['INV-22']);
    expect((await run(...there())).out).toContain('INV-22: each last day is in the lapse calendar');
    const { lastDay } = purchase;
    const [pk = '', sk = ''] = (violations[0]?.key ?? '').split('/');
    const expiresAtEpoch = Date.parse('2027-01-01T00:00:00+08:00') / 1_000 + 400 * 86_400;
    await force({ pk, sk, type: 'lapse', v: 1, memberId, currency: 'POINTS', lastDay, expiresAtEpoch });
    const clean = await run(...there());
    expect([clean.code, clean.err]).toEqual([0, '']);
    expect(clean.out).toContain('Nothing is broken.');
  }, 60_000);

  it('knows the switches, all on or some off, and no switch that is not', async () => {
    const lies = async () =>
      (await verdict()).violations.filter(({ invariant }) => invariant === 'INV-27').map(({ detail }) => detail);
    const slip = (name: string, to: 'on' | 'off') => turn({ name, to, who: 'li', why: 'a slip' });
    await slip('spend', 'off');
    expect(await lies()).toEqual([]);
    await slip('lend', 'off');
    expect(await lies()).toEqual([
      'off is not a set of earn and spend and sms and auth/on-member-identity-changed and orders/on-member-merged and points/on-points-lot-opened and privacy/on-member-erased and webhooks/on-every-event',
    ]);
    for (const name of ['spend', 'lend']) await slip(name, 'on');
    expect(await lies()).toEqual([]);
  });

  it('ends with 2 and a sentence where it cannot tell', async () => {
    const absent = await run('--dynamodb', inject('dynamodb'), '--table', `none-${randomUUID()}`);
    expect([absent.code, absent.out]).toEqual([2, '']);
    expect(absent.err).toMatch(/^The table cannot be read .*\n$/);
    const folder = await run('--data', '/nowhere/at/all');
    expect([folder.code, folder.err]).toEqual([2, expect.stringMatching(/has no state\.json: .*\n$/)]);
  }, 60_000);

  it.each([
    [['--at', 'tomorrow'], 'is no instant'],
    [['--at', '2026-02-30T00:00:00Z'], 'is no instant'],
    [['--dynamodb', 'http://127.0.0.1:8000'], 'need --table'],
    [['--dynamodb', 'here', '--table', 'mall'], 'is no address'],
    [['--data', '.local', '--table', 'mall'], 'so does another'],
    [['--data', '.local', '--archive', 'mall-archive'], 'so does another'],
    [['--archive', 'mall-archive'], 'need --table'],
    [['--table', 'mall', '--archive', 'A'], 'is no name of a bucket'],
    [['--table', 'a b'], 'is no name of a table'],
    [['--table', 'mall', '--zone', 'Mars'], 'is no time zone'],
    [['--quick'], "Unknown option '--quick'"],
    [['everything'], 'Unexpected argument'],
  ])('refuses %j', (args, says) => {
    expect(() => readOptions(args)).toThrow(says);
    expect(() => readOptions(args)).toThrow(/: say npm run audit -- /);
  });
});

describe('the record of what staff did', () => {
  const records = (): Item[] => {
    let hash: Uint8Array | undefined;
    return [1, 2, 3].map((seq) => {
      const at = Date.parse('2026-11-23T04:00:00.000Z') + seq;
      const when = `${new Date(at).toISOString()}#staff-1`;
      const listed = { gsi1pk: 'AUDIT#mem_1', gsi1sk: when, gsi2pk: 'AUDIT#2026-11-23', gsi2sk: when };
      const key = { pk: 'AUDIT#staff-1', sk: String(seq).padStart(10, '0'), ...listed };
      const rest = {
        ...key,
        type: 'audit',
        v: 1,
        clientId: 'staff-1',
        seq,
        at,
        act: 'points.adjust',
        subject: 'mem_1',
      };
      hash = seal(hash, rest);
      return { ...rest, hash };
    });
  };
  const found = (all: readonly Item[]) => {
    const items = all.map((item) => itemOf(toAttributes(item) as Record<string, Attribute>));
    return audit(items, { at: Date.now(), zone: ZONE }).violations.map(({ invariant, key }) => `${invariant} ${key}`);
  };
  const named = (seq: number) => `INV-25 AUDIT#staff-1/${String(seq).padStart(10, '0')}`;

  it('is a chain: one that is whole gives no alarm', () => {
    expect(found(records())).toEqual([]);
  });

  it('is found as INV-25 where a record is gone, was changed, or has the seal of another', () => {
    const [one, two, three] = records() as [Item, Item, Item];
    expect(found([one, three])).toContain(named(3));
    expect(found([one, { ...two, act: 'points.undo' }, three])).toEqual([named(2)]);
    expect(found([one, { ...two, hash: three.hash }, three])).toContain(named(2));
  });
});
