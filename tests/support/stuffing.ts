import { authContract } from '../../shared/auth/contract.ts';
import { staffSessionsContract } from '../../shared/staff/sessions-contract.ts';
import { type Called, call } from './call.ts';

/** One guess of many. */
export interface Guess {
  who: string;
  address: string;
}

/** A guess at a password of staff, which nobody has. */
export const guessPassword = ({ who, address }: Guess): Promise<Called> =>
  call(staffSessionsContract, 'logIn', {
    body: { userName: who, password: 'summer of 2026', code: '000000' },
    address,
  });

/** A guess at the code of a member. */
export const guessCode = (code: string, { who, address }: Guess): Promise<Called> =>
  call(authContract, 'logIn', { body: { phone: who, code }, address });

/** An answer without what is each request's own. */
export const answerOf = ({ status, body }: Called): string => `${status} ${JSON.stringify({ ...body, instance: '' })}`;

/** How often each answer came, when so many ask at once. */
export async function allAnswers<T>(guesses: readonly T[], ask: (guess: T) => Promise<Called>, atOnce: number) {
  const answers: Record<string, number> = {};
  for (let from = 0; from < guesses.length; from += atOnce) {
    for (const called of await Promise.all(guesses.slice(from, from + atOnce).map((guess) => ask(guess)))) {
      const answer = answerOf(called);
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  }
  return answers;
}

/** An address in the n-th of many networks. */
export const addressIn = (network: number): string => `100.${64 + Math.floor(network / 250)}.${network % 250}.7`;
