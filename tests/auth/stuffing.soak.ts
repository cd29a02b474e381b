import { describe, expect, it, vi } from 'vitest';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { CODE } from '../../shared/auth/rules.ts';
import { logger } from '../../shared/platform/logger.ts';
import { LOGIN_BUDGETS } from '../../shared/staff/rules.ts';
import { type Called, call } from '../support/call.ts';
import { loggedIn, wrong } from '../support/logins.ts';
import { clock, inbox, openMall } from '../support/mall.ts';
import { somePhone } from '../support/people.ts';
import { person, someName } from '../support/persons.ts';
import { addressIn, allAnswers, answerOf, type Guess, guessCode, guessPassword } from '../support/stuffing.ts';
import { allItems } from '../support/table.ts';

/** 12:00 in Shanghai: what is spent comes back in an hour. */
openMall({ at: '2026-11-23T04:00:00.000Z' });
const later = (ms: number) => clock(new Date(Date.now() + ms).toISOString());

/** No more at once than one machine derives keys, or the calls to the table wait for them until they are given up. */
const [TRIES, ACCOUNTS, AT_ONCE, FREE] = [10_000, 500, 8, 5];
const KNOWN = ACCOUNTS / 2;

/** So many, made a few at once. */
async function made<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) all.push(...(await Promise.all(Array.from({ length: 5 }, () => make()))));
  return all;
}

/** One of each in turn, and each of the two first as often as the other. */
const inTurn = (known: readonly string[], unknown: readonly string[]) =>
  known.flatMap((one, i) => (i % 2 === 0 ? [one, unknown[i] ?? ''] : [unknown[i] ?? '', one]));

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** How long these guesses take, one after the other: the medians of those that are known and of the others. */
async function mediansOf(guessed: readonly string[], known: readonly string[], ask: (guess: Guess) => Promise<Called>) {
  const isKnown = new Set(known);
  const took = { known: [] as number[], unknown: [] as number[] };
  const answers = new Set<string>();
  for (const [i, who] of guessed.entries()) {
    // Each from a network of its own, none of those that come later.
    const guess = { who, address: addressIn(10_000 + i) };
    const since = performance.now();
    const called = await ask(guess);
    took[isKnown.has(who) ? 'known' : 'unknown'].push(performance.now() - since);
    answers.add(answerOf(called));
  }
  expect(answers.size).toBe(1);
  const [ofKnown, ofUnknown] = [median(took.known), median(took.unknown)];
  const percent = (Math.abs(ofKnown - ofUnknown) * 100) / Math.max(ofKnown, ofUnknown);
  return { known: ofKnown, unknown: ofUnknown, percent };
}

type Medians = Awaited<ReturnType<typeof mediansOf>>;
const saidOf = ({ known, unknown, percent }: Medians) =>
  `medians: known ${known.toFixed(2)} ms, unknown ${unknown.toFixed(2)} ms, ${percent.toFixed(1)} % apart`;

const guessesAt = (names: readonly string[], count: number, addressOf: (i: number) => string): Guess[] =>
  Array.from({ length: count }, (_, i) => ({ who: names[i % names.length] ?? '', address: addressOf(i) }));

describe(`${TRIES} tries over ${ACCOUNTS} accounts`, () => {
  it('of staff: looked at five times for each name, and sixty times an hour for each network', async () => {
    const known = (await made(KNOWN, () => person())).map(({ userName }) => userName);
    const names = inTurn(known, Array.from({ length: KNOWN }, someName));
    const medians = await mediansOf(names, known, guessPassword);
    // The day after, when these are forgotten.
    later(2 * 86_400_000);
    const lines = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);

    const [few, many] = [10, TRIES / 2];
    const fromFew = await allAnswers(
      guessesAt(names, TRIES / 2, (i) => addressIn(i % few)),
      guessPassword,
      AT_ONCE,
    );
    const fromMany = await allAnswers(
      guessesAt(names, TRIES / 2, (i) => addressIn(100 + (i % many))),
      guessPassword,
      AT_ONCE,
    );

    const sumOf = (answers: Record<string, number>, is: (answer: string) => boolean) =>
      Object.entries(answers).reduce((sum, [answer, times]) => sum + (is(answer) ? times : 0), 0);
    const byNetwork = (answer: string) => answer.includes('"waitSeconds":3600,');
    const rows = [fromFew, fromMany].map((answers, i) => ({
      from: `${[few, many][i]} networks`,
      tries: sumOf(answers, () => true),
      'looked at': sumOf(answers, (answer) => answer.startsWith('401 ')),
      'by name': sumOf(answers, (answer) => answer.startsWith('429 ') && !byNetwork(answer)),
      'by network': sumOf(answers, byNetwork),
      others: sumOf(answers, (answer) => !/^(401|429) /.test(answer)),
    }));
    const alarms = lines.mock.calls.filter(([line]) => line === 'many log-ins of staff fail');
    const percents = Object.groupBy(alarms, ([, more]) => String((more as { percent: number }).percent));
    console.table(rows);
    console.log(
      `alarms: ${Object.entries(percents)
        .map(([percent, all]) => `${percent} % ${all?.length} lines`)
        .join(', ')}; ${saidOf(medians)}`,
    );

    // On a machine that is busy some are told so: they count, and were answered nothing.
    const strange = [fromFew, fromMany].flatMap((answers) =>
      Object.keys(answers).filter(
        (answer) => !/^(401 .*staff\.login_failed|429 .*staff\.locked|503 .*request\.busy)/.test(answer),
      ),
    );
    expect(strange).toEqual([]);
    const first = few * LOGIN_BUDGETS.NETWORK.hour;
    const second = ACCOUNTS * FREE - first;
    for (const [i, most] of [first, second].entries()) {
      expect(rows[i]?.['looked at']).toBeLessThanOrEqual(most);
      expect(rows[i]?.['looked at']).toBeGreaterThan(most * 0.9);
    }
    expect(rows.map((row) => [row['by name'] > 0, row['by network'] > 0])).toEqual([
      [false, true],
      [true, false],
    ]);
    // Each kind of answer is one, word for word, whoever was asked for.
    for (const status of ['401', '429', '503']) {
      const kinds = Object.keys({ ...fromFew, ...fromMany }).filter((answer) => answer.startsWith(status));
      expect(kinds.length).toBeLessThanOrEqual(status === '429' ? 2 : 1);
    }
    expect(Object.keys(percents)).toEqual(['50', '80', '100']);
    expect(medians.percent).toBeLessThan(10);
  });

  it('of members: looked at five times for each code, and answered alike', async () => {
    const known = await made(KNOWN, async () => {
      const phone = somePhone();
      await loggedIn(phone);
      return phone;
    });
    const names = inTurn(known, Array.from({ length: KNOWN }, somePhone));
    later(61_000);
    const codes = new Map<string, string>();
    for (const phone of names) {
      expect((await call(loginCodesContract, 'send', { body: { phone } })).status).toBe(202);
      codes.set(phone, inbox.at(-1)?.params[0] ?? '');
    }
    const guess = ({ who, address }: Guess) => guessCode(wrong(codes.get(who) ?? ''), { who, address });
    const medians = await mediansOf([...names, ...names], known, guess);
    const answers = await allAnswers(
      guessesAt(names, TRIES - 2 * ACCOUNTS, (i) => addressIn(i % 10)),
      guess,
      AT_ONCE,
    );
    const items = (await allItems()).filter(({ type, triesLeft }) => type === 'login-code' && triesLeft === 0);
    console.table([{ tries: TRIES, 'looked at': items.length * CODE.tries, 'codes used up': items.length }]);
    console.log(saidOf(medians));
    expect(Object.keys(answers)).toEqual([expect.stringMatching(/^401 .*auth\.code_invalid/)]);
    expect(items).toHaveLength(ACCOUNTS);
    // The right code counts no more, either.
    const spent = names.slice(0, 20).map((who, i) => ({ who, address: addressIn(i) }));
    const late = await allAnswers(spent, ({ who, address }) => guessCode(codes.get(who) ?? '', { who, address }), 5);
    expect(Object.keys(late)).toEqual(Object.keys(answers));
    expect(medians.percent).toBeLessThan(10);
  });
});
