import { afterEach, describe, expect, it, vi } from 'vitest';
import { lookup } from '../../shared/platform/ids.ts';
import { logger } from '../../shared/platform/logger.ts';
import { LOGIN_BUDGETS } from '../../shared/staff/rules.ts';
import { staffSessionsContract } from '../../shared/staff/sessions-contract.ts';
import { client, get } from '../../shared/table/client.ts';
import { keys } from '../../shared/table/keys.ts';
import { call } from '../support/call.ts';
import { clock, openMall } from '../support/mall.ts';
import { type Enrolled, nextCode, PASSWORD, person, someName } from '../support/persons.ts';
import { told } from '../support/staff.ts';
import { addressIn, allAnswers, answerOf, guessPassword } from '../support/stuffing.ts';
import { allItems, force } from '../support/table.ts';

/** 12:20 in Shanghai. */
const NOW = '2026-11-23T04:20:00.000Z';
const DAY = '2026-11-23';
openMall({ at: NOW });
const pass = (seconds: number) => clock(new Date(Date.now() + seconds * 1_000).toISOString());
afterEach(() => void vi.restoreAllMocks());

const { NETWORK, PROGRAMME } = LOGIN_BUDGETS;
let networks = 0;
const somewhere = () => {
  networks += 1;
  return addressIn(networks);
};
const networkAt = async (address: string) => `NETWORK#${await lookup('NETWORK', address.replace(/\.\d+$/, '.0/24'))}`;

/** As many were tried of this budget today, and in this hour, as if somebody had. */
async function spend(budget: string, { day, hour }: { day: number; hour: number }): Promise<void> {
  const at = { ...keys.staffLogins(budget, DAY), type: 'staff-logins', v: 1, budget, day: DAY };
  await force({ ...at, tries: day, h12: hour, expiresAtEpoch: 1_800_000_000 });
}
const spent = async (budget: string) => {
  const { tries, h12 } = (await get<{ tries: number; h12: number }>(keys.staffLogins(budget, DAY))) ?? {};
  return { day: tries, hour: h12 };
};
const wrong = (address: string, who = someName()) => guessPassword({ who, address });
const right = ({ userName, totpSecret }: Enrolled, address: string) =>
  call(staffSessionsContract, 'logIn', {
    body: { userName, password: PASSWORD, code: nextCode(totpSecret) },
    address,
  });

describe('wrong log-ins of one network', () => {
  it('429 staff.locked until the next hour, for anybody’s name and nobody’s; another network goes on', async () => {
    const [one, address] = [await person(), somewhere()];
    await spend(await networkAt(address), { day: 300, hour: NETWORK.hour - 1 });
    expect(told(await wrong(address))).toBe('401 staff.login_failed');
    const refused = [
      await wrong(address),
      await wrong(address.replace('.7', '.9'), one.userName),
      await right(one, address),
    ];
    expect(new Set(refused.map((answer) => answerOf(answer))).size).toBe(1);
    expect(told(refused[0] ?? expect.fail())).toBe('429 staff.locked');
    expect([refused[0]?.body.waitSeconds, refused[0]?.headers['retry-after']]).toEqual([2_400, '2400']);
    expect(told(await wrong(somewhere()))).toBe('401 staff.login_failed');
    pass(2_399);
    expect(told(await right(one, address))).toBe('429 staff.locked');
    pass(1);
    expect(told(await right(one, address))).toBe('201');
    clock(NOW);
  });

  it('are looked at no more than there is room for, however many come at once, and lock no more names', async () => {
    const address = somewhere();
    await spend(await networkAt(address), { day: 55, hour: NETWORK.hour - 5 });
    const before = (await allItems()).filter(({ type }) => type === 'staff-tries').length;
    const answers = await Promise.all(Array.from({ length: 12 }, () => wrong(address)));
    const looked = answers.filter((answer) => told(answer) === '401 staff.login_failed');
    expect(looked).toHaveLength(5);
    expect((await allItems()).filter(({ type }) => type === 'staff-tries').length - before).toBe(5);
    expect(await spent(await networkAt(address))).toEqual({ day: 60, hour: 60 });
  });

  it('are counted by the /48 of IPv6, and by the whole text of what is no address', async () => {
    for (const [full, same, other] of [
      ['2001:db8:7:1::1', '2001:db8:7:ffff::9', '2001:db8:8::1'],
      ['nowhere', 'nowhere', 'elsewhere'],
    ] as const) {
      const network = full === 'nowhere' ? full : '2001:db8:7::/48';
      await spend(`NETWORK#${await lookup('NETWORK', network)}`, { day: 60, hour: NETWORK.hour });
      expect(told(await wrong(same))).toBe('429 staff.locked');
      expect(told(await wrong(other))).toBe('401 staff.login_failed');
    }
  });

  it('are all that counts: what was right is taken back, and what fell on a locked name', async () => {
    const [one, address] = [await person(), somewhere()];
    const budget = await networkAt(address);
    await spend(budget, { day: 59, hour: NETWORK.hour - 1 });
    for (let i = 0; i < 3; i += 1) {
      pass(60);
      expect(told(await right(one, address))).toBe('201');
      expect(await spent(budget)).toEqual({ day: 59, hour: 59 });
    }
    const name = someName();
    for (let i = 0; i < 5; i += 1) expect(told(await wrong(somewhere(), name))).toBe('401 staff.login_failed');
    const locked = await wrong(address, name);
    expect([told(locked), locked.headers['retry-after']]).toEqual(['429 staff.locked', '30']);
    expect(await spent(budget)).toEqual({ day: 59, hour: 59 });
    clock(NOW);
  });
});

describe('a table that does not count', () => {
  /** The counts of log-ins fail from the n-th on. */
  function failing(from: number): void {
    const real = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    let counts = 0;
    const send = async (command: { input: { Key?: { pk?: { S?: string } } } }) => {
      if (command.input.Key?.pk?.S?.startsWith('STAFF-LOGINS#')) counts += 1;
      if (counts >= from && command.input.Key?.pk?.S?.startsWith('STAFF-LOGINS#'))
        throw new Error('The table is away.');
      return real(command);
    };
    vi.spyOn(client, 'send').mockImplementation(send as never);
  }

  it('503 request.busy, and nothing is looked at or noted', async () => {
    const one = await person();
    const before = (await allItems()).length;
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    failing(1);
    expect(told(await right(one, somewhere()))).toBe('503 request.busy');
    expect((await allItems()).length).toBe(before);
  });

  it('201 where only what was right cannot be taken back: it stays counted', async () => {
    const [one, address] = [await person(), somewhere()];
    pass(60);
    const said = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    failing(2);
    expect(told(await right(one, address))).toBe('201');
    expect(said.mock.calls.map(([line]) => line)).toEqual(['a try to log in was not taken back']);
    vi.restoreAllMocks();
    expect((await spent(await networkAt(address))).day).toBe(1);
    clock(NOW);
  });
});

describe('wrong log-ins of the whole programme', () => {
  it('are told at half, four fifths and all of what a day may have, and refuse nobody', async () => {
    const one = await person();
    pass(60);
    const said = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    for (const [before, percents] of [
      [PROGRAMME.day / 2 - 2, []],
      [PROGRAMME.day / 2 - 1, [50]],
      [PROGRAMME.day / 2, []],
      [PROGRAMME.day * 0.8 - 1, [80]],
      [PROGRAMME.day - 1, [100]],
      [PROGRAMME.day, [100]],
    ] as const) {
      said.mockClear();
      await spend('PROGRAMME', { day: before, hour: before });
      expect(told(await wrong(somewhere()))).toBe('401 staff.login_failed');
      const lines = said.mock.calls.filter(([line]) => line === 'many log-ins of staff fail');
      expect(lines.map(([, more]) => (more as { percent: number }).percent)).toEqual(percents);
    }
    expect(told(await right(one, somewhere()))).toBe('201');
    expect(await spent('PROGRAMME')).toEqual({ day: PROGRAMME.day, hour: PROGRAMME.day });
    await spend('PROGRAMME', { day: 0, hour: 0 });
    clock(NOW);
  });
});

describe('a list of names', () => {
  it('is looked at five times for each name, and as far as each network goes; all are answered alike', async () => {
    const known = [(await person()).userName, (await person()).userName];
    const names = [...known, someName(), someName()];
    const address = somewhere();
    await spend(await networkAt(address), { day: 50, hour: NETWORK.hour - 10 });
    const from = (address: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ who: names[i % names.length] ?? '', address }));
    const one = await allAnswers(from(address, 16), guessPassword, names.length);
    const others = await allAnswers(from(somewhere(), 40), guessPassword, names.length);
    const looked = [one, others].map((answers) =>
      Object.entries(answers).flatMap(([answer, times]) => (answer.startsWith('401') ? [times] : [])),
    );
    expect(looked).toEqual([[10], [10]]);
    expect([Object.keys(one).length, Object.keys(others).length]).toEqual([2, 2]);
  });
});
