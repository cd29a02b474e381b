import { randomBytes, randomUUID } from 'node:crypto';
import { revocationOf } from '../auth/auth.ts';
import { Refusal } from '../errors.ts';
import { now } from '../platform/clock.ts';
import { type By, requestDigest } from '../platform/ids.ts';
import { logger } from '../platform/logger.ts';
import { type Basis, type Decision, exchange, type Outcome } from '../table/commit.ts';
import { stepShown } from './enrolment.ts';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';
import { nameDigestOf, personOf, userNameOf } from './people.ts';
import { record } from './staff.ts';
import { findSession, keepSession, type Person, renewPerson } from './store.ts';
import { recoveryCodesUnder, recoveryDigest } from './totp.ts';
import { countTry, forgetTries, lookFrom } from './tries/tries.ts';

/** Who is logged in and asks: in which session, and from where. */
interface Asking {
  staffId: string;
  sessionId: string;
  address: string;
}

/** What they show once more: a token that was stolen is not enough. */
interface Shown {
  password: string;
  /** Six digits of the authenticator. */
  code: string;
}

/** Who asks, and by what their tries are counted. */
interface Asker extends Asking {
  userName: string;
  nameDigest: string;
}

/** Who asks, or the refusal that they were ended: an access token outlives its session for a minute. */
async function askerOf(asking: Asking): Promise<Asker> {
  const { staffId, sessionId } = asking;
  const at = now();
  const person = await personOf(staffId, { reading: 'consistent' });
  // Read after the person: by a change that is made meanwhile it has gone on, and has not ended.
  const session = await findSession(staffId, sessionId);
  const isOpen =
    session && session.generation >= person.generation && Math.min(session.idleEndsAt, session.expiresAt) > at;
  if (!isOpen) throw new Refusal('staff.session_ended');
  const userName = await userNameOf(person);
  return { ...asking, userName, nameDigest: await nameDigestOf(userName) };
}

/** What is decided for who has shown who they are; undefined where their code was used. */
type Judge<T> = (before: Person, basis: Basis) => Promise<Decision<T> | undefined>;

/** A password that is changed while it is looked at is looked at again, so often in all. */
const MOST_LOOKS = 3;

/**
 * Counts as a try to log in, for the network and for the name, before it is looked at; what was wrong is not told, and
 * what was right forgets the tries before it. `look` takes its time, and so comes before what is decided and sent within
 * two seconds; undefined where something of what was shown is wrong.
 */
function proved<T>(
  { staffId, address, nameDigest }: Asker,
  look: (person: Person) => Promise<Judge<T> | undefined>,
): Promise<Outcome<T>> {
  const attempt = randomUUID();
  let isSaid = false;
  const refuse = () => {
    // It is looked at again before it is refused, and that is the same try.
    if (!isSaid) logger.info('login refused', { who: `person:${staffId}` });
    isSaid = true;
    return new Refusal('staff.login_failed');
  };
  return lookFrom(address, async () => {
    await countTry(nameDigest);
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const person = await personOf(staffId, { reading: 'consistent' });
      const judge = person.status === 'ACTIVE' ? await look(person) : undefined;
      if (!judge) throw refuse();
      const { answer, replayed } = await exchange<{ given: T } | undefined>(async (basis) => {
        // A repeat writes nothing that would guard what was read.
        const before = await personOf(staffId, { reading: 'consistent' });
        if (before.password !== person.password) return { writes: [], answer: undefined };
        const decision = await judge(before, basis);
        if (!decision) throw refuse();
        const forgotten = await forgetTries(nameDigest, basis, attempt);
        return { ...decision, writes: [forgotten, ...decision.writes], answer: { given: decision.answer } };
      });
      if (answer) return { answer: answer.given, replayed };
    }
    throw new Refusal('request.busy');
  });
}

/**
 * Ten other recovery codes; those before are void. They hang on the request: the same again, with the code that counts
 * once, is told the same ten for as long as an authenticator shows that code, and changes nothing. Whoever comes later
 * shows another code and gets ten others.
 */
export async function renewRecoveryCodes(asking: Asking, { password, code }: Shown, by: By) {
  const { staffId } = asking;
  const request = await requestDigest(by);
  const drawn = randomBytes(16).toString('base64url');
  return proved(await askerOf(asking), async (person) => {
    const [fits, step] = [await isPassword(password, person.password), await stepShown(person, code, now())];
    if (!fits || step === undefined) return undefined;
    return async (before, basis) => {
      const { renewal, totpStep } = before;
      if (renewal?.request === request && renewal.step === step) {
        const recoveryCodes = await recoveryCodesUnder(by, renewal.seed);
        return { writes: [], answer: { staffId, recoveryCodes }, replayed: true };
      }
      if (step <= totpStep) return undefined;
      const recoveryCodes = await recoveryCodesUnder(by, drawn);
      const recovery = await Promise.all(recoveryCodes.map((one) => recoveryDigest(staffId, one)));
      const changed = { totpStep: step, recovery, renewal: { request, seed: drawn, step } };
      const act = { clientId: `person:${staffId}`, act: 'staff-sessions.renewRecoveryCodes', subject: staffId };
      return { writes: [renewPerson(before, changed), await record(act, basis)], answer: { staffId, recoveryCodes } };
    };
  });
}

/**
 * Changes one's own password and ends all sessions but the one that asks. Where the new one is in force already, who
 * knows it has shown as much as by the old one: a repeat after a lost answer is told that it is done, and changes
 * nothing while its code is the one that changed it.
 */
export async function changePassword(asking: Asking, { password, code, newPassword }: Shown & { newPassword: string }) {
  const { staffId, sessionId } = asking;
  const asker = await askerOf(asking);
  checkPassword(newPassword, asker.userName);
  await proved(asker, async (person) => {
    // Both each time: how long it takes does not tell which of them, or the code, was wrong.
    const isOld = await isPassword(password, person.password);
    const isNew = await isPassword(newPassword, person.password);
    const step = await stepShown(person, code, now());
    if (!(isOld || isNew) || step === undefined) return undefined;
    const kept = step > person.totpStep ? await hashPassword(newPassword) : undefined;
    return async (before, basis) => {
      if (isNew && before.passwordStep === step) return { writes: [], answer: null, replayed: true };
      if (step <= before.totpStep || kept === undefined) return undefined;
      const generation = before.generation + 1;
      const changed = { password: kept, passwordStep: step, totpStep: step, generation };
      const act = { clientId: `person:${staffId}`, act: 'staff-sessions.changePassword', subject: staffId };
      const writes = [
        renewPerson(before, changed),
        keepSession(staffId, sessionId, before.generation, basis.at),
        revocationOf(staffId, basis.at, sessionId),
        await record(act, basis),
      ];
      return { writes, answer: null };
    };
  });
}
