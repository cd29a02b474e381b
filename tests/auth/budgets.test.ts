import { randomInt, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { BUDGETS, RESERVED_ANSWER_MS, strangersPart } from '../../shared/auth/rules.ts';
import { lookup } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/logger.ts';
import { client } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { type Called, call } from '../support/call.ts';
import { loggedIn } from '../support/logins.ts';
import { clock, inbox, openMall } from '../support/mall.ts';
import { overhear } from '../support/overheard.ts';
import { force } from '../support/table.ts';

/** 12:20 in Shanghai. */
const NOW = '2026-11-23T04:20:00.000Z';
const DAY = '2026-11-23';
openMall({ at: NOW });

const waits = vi.hoisted((): number[] => []);
/** Nobody waits here: it is only noted for how long one would have. */
vi.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void waits.push(ms) }));

const AREA = '+861390000';
let numbers = randomInt(1_000);
/** A number of this area, or of one of its own. */
const numberOf = (area = `+861${String(randomInt(300_0000, 999_9999)).slice(0, 6)}`) => {
  numbers += 1;
  return `${area}${String(numbers).padStart(4, '0')}`;
};

const send = (phone: string, { address, deviceId }: { address?: string; deviceId?: string } = {}) =>
  call(loginCodesContract, 'send', {
    body: { phone, ...(deviceId && { deviceId }) },
    ...(address !== undefined && { address }),
  });
const told = ({ status, body, headers }: Called) => [status, body.code, headers['retry-after']];
const sentTo = (phone: string) => inbox.filter(({ to }) => to === phone).length;
const SENT = [202, undefined, undefined];
const SPENT_FOR_THE_HOUR = [429, 'auth.code_budget', '2400'];
/** From 12:20 to midnight. */
const SPENT_FOR_THE_DAY = [429, 'auth.code_budget', String(11 * 3_600 + 40 * 60)];

/** As many have been sent of this budget today, and in this hour, as if somebody had. */
async function spend(budget: string, { day, hour }: { day: number; hour: number }): Promise<void> {
  const at = { ...keys.smsBudget(budget, DAY), type: 'sms-budget', v: 1, budget, day: DAY };
  await force({ ...at, sent: day, h12: hour, expiresAtEpoch: 1_800_000_000 });
}
const calm = () => spend('PROGRAMME', { day: 0, hour: 0 });
const budgetOf = async (kind: string, of: string) => `${kind}#${await lookup(kind, of)}`;

afterEach(async () => {
  vi.restoreAllMocks();
  clock(NOW);
  await calm();
  waits.length = 0;
});

describe('the budget of who asks', () => {
  it('429 auth.code_budget for an address that has asked too often; another one goes on', async () => {
    const line = Buffer.from([198, 51, 100, 7]).toString('hex');
    await spend(await budgetOf('ADDRESS', line), { day: 200, hour: BUDGETS.ADDRESS.hour - 1 });
    expect(told(await send(numberOf(), { address: '198.51.100.7' }))).toEqual(SENT);
    const phone = numberOf();
    expect(told(await send(phone, { address: '198.51.100.7' }))).toEqual(SPENT_FOR_THE_HOUR);
    expect(told(await send(phone, { address: '::ffff:198.51.100.7' }))).toEqual(SPENT_FOR_THE_HOUR);
    expect(sentTo(phone)).toBe(0);
    expect(told(await send(phone, { address: '198.51.100.8' }))).toEqual(SENT);
    clock('2026-11-23T05:00:00.000Z');
    expect(told(await send(numberOf(), { address: '198.51.100.7' }))).toEqual(SENT);
  });

  it('counts an address of IPv6 by its /64, and none of the machine itself', async () => {
    const line = Buffer.from('20010db8000000a1', 'hex').toString('hex');
    await spend(await budgetOf('ADDRESS', line), { day: BUDGETS.ADDRESS.day, hour: 0 });
    expect(told(await send(numberOf(), { address: '2001:db8:0:a1::1' }))).toEqual(SPENT_FOR_THE_DAY);
    expect(told(await send(numberOf(), { address: '2001:db8:0:a1:ffff::9' }))).toEqual(SPENT_FOR_THE_DAY);
    expect(told(await send(numberOf(), { address: '2001:db8:0:a2::1' }))).toEqual(SENT);
    for (const address of ['127.0.0.1', '::1']) expect(told(await send(numberOf(), { address }))).toEqual(SENT);
  });

  it('429 auth.code_budget for a device, whatever its address', async () => {
    const deviceId = randomUUID();
    for (let i = 0; i < BUDGETS.DEVICE.hour; i += 1) {
      expect(told(await send(numberOf(), { deviceId }))).toEqual(SENT);
    }
    expect(told(await send(numberOf(), { deviceId }))).toEqual(SPENT_FOR_THE_HOUR);
    expect(told(await send(numberOf(), { deviceId: randomUUID() }))).toEqual(SENT);
  });
});

const strangers = strangersPart(BUDGETS.PROGRAMME);

describe('what is left for members', () => {
  it.each([
    ['the programme', 'PROGRAMME', BUDGETS.PROGRAMME],
    ['numbers that begin alike', 'PREFIX', BUDGETS.PREFIX],
  ] as const)('of %s: a stranger is sent nothing, and is answered as a member is', async (_, kind, limits) => {
    const [member, stranger] = [numberOf(AREA), numberOf(AREA)];
    await loggedIn(member);
    const budget = kind === 'PROGRAMME' ? kind : await budgetOf(kind, AREA);
    await spend(budget, { day: strangersPart(limits).day, hour: 0 });
    clock('2026-11-23T04:21:00.000Z');
    const before = sentTo(member);
    const answers = await Promise.all([send(member), send(stranger)]);
    const [one, other] = answers.map(({ status, body }) => [status, { ...body, codeId: '' }]);
    expect(one).toEqual(other);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect([sentTo(member) - before, sentTo(stranger)]).toEqual([1, 0]);
    await spend(budget, { day: limits.day, hour: 0 });
    clock('2026-11-23T04:22:00.000Z');
    const closed = await Promise.all([send(member), send(stranger)]);
    expect(closed.map(({ status, body }) => [status, body.code])).toEqual([
      [429, 'auth.code_budget'],
      [429, 'auth.code_budget'],
    ]);
    expect(closed[0]?.headers['retry-after']).toBe(closed[1]?.headers['retry-after']);
    await spend(await budgetOf('PREFIX', AREA), { day: 0, hour: 0 });
  });

  it('is said at half, four fifths and the end of the day’s budget', async () => {
    const said = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    const { day } = BUDGETS.PROGRAMME;
    for (const [sent, lines] of [
      [day / 2 - 1, ["50 % of the day's codes are sent"]],
      [day / 2, []],
      [strangers.day - 1, ["80 % of the day's codes are sent"]],
      [day, ["100 % of the day's codes are sent"]],
    ] as const) {
      said.mockClear();
      await spend('PROGRAMME', { day: sent, hour: 0 });
      await send(numberOf());
      expect(said.mock.calls.map(([line]) => line)).toEqual(lines);
    }
  });
});

describe('whether a number is a member’s', () => {
  it('is not told by what is asked of the table: the same calls in the same order, of the same units', async () => {
    const [member, stranger] = [numberOf(), numberOf()];
    await loggedIn(member);
    clock('2026-11-23T04:21:00.000Z');
    const heard = overhear({ counts: true });
    const calls: string[][] = [];
    for (const phone of [member, stranger]) {
      expect(told(await send(phone, { deviceId: randomUUID() }))).toEqual(SENT);
      calls.push(heard());
    }
    expect(calls[0]?.length).toBeGreaterThan(6);
    expect(calls[1]).toEqual(calls[0]);
    expect([sentTo(member), sentTo(stranger)]).toEqual([2, 1]);
  });

  it('nor by how long it takes where only members are sent one: both wait for the same moment, and nobody else', async () => {
    const [member, stranger] = [numberOf(), numberOf()];
    await loggedIn(member);
    expect(waits.splice(0)).toEqual([]);
    await spend('PROGRAMME', { day: strangers.day, hour: 0 });
    clock('2026-11-23T04:21:00.000Z');
    for (const phone of [member, stranger]) {
      expect(told(await send(phone))).toEqual(SENT);
      // Less what it took until then.
      const [wait, ...more] = waits.splice(0);
      expect([wait, more]).toEqual([expect.any(Number), []]);
      expect(wait).toBeLessThan(RESERVED_ANSWER_MS);
    }
    expect([sentTo(member), sentTo(stranger)]).toEqual([2, 0]);
  });
});

describe('a table that does not count', () => {
  it.each([0, 1, 2])('503 request.busy, and nothing is sent: %i counts done', async (done) => {
    const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    let counts = 0;
    const failing = async (command: { input: { Key?: { pk?: { S?: string } } } }) => {
      const isCount = command.input.Key?.pk?.S?.startsWith('SMS-BUDGET#');
      if (isCount) counts += 1;
      if (isCount && counts > done) throw new Error('The table is away.');
      return real(command);
    };
    vi.spyOn(client, 'send').mockImplementation(failing as never);
    const phone = numberOf();
    expect(told(await send(phone))).toEqual([503, 'request.busy', '1']);
    expect(sentTo(phone)).toBe(0);
  });
});
