import fc from 'fast-check';
import { nameWithin, providerCode } from '../../../infra/local/provider-codes.ts';
import { examples } from '../../../infra/openapi-examples.ts';
import { identitiesContract } from '../../../shared/auth/identities-contract.ts';
import { firstOwnerSecret } from '../../../shared/staff/enrolment.ts';
import { call } from '../../support/call.ts';
import { canary, kindsIn, wordsIn } from '../../support/canaries.ts';
import { codeFor, loggedIn } from '../../support/logins.ts';
import { acceptedBy, codeAt, invitedAs, nextCode, PASSWORD, person, session } from '../../support/persons.ts';
import { buy } from '../../support/purchases.ts';
import { mutantsOf } from '../bad-input/mutants.ts';
import type { Operation } from '../bad-input/operations.ts';
import { type Got, send, type Wire } from '../bad-input/sending.ts';
import { type Valid, validRequests } from '../bad-input/valid.ts';
import { wireOf } from '../bad-input/wire.ts';
import type { World } from '../bad-input/world.ts';
import { fieldsIn } from './fields.ts';

type Body = Record<string, unknown>;

/** Secrets that were really given, and names by which providers know somebody: words without a mark. */
export const secrets = new Set<string>();
const secret = <T extends string>(given: T): T => {
  secrets.add(given);
  return given;
};

/** A phone, and the code that was really sent to it. */
async function smsCode(given: Body): Promise<Body> {
  const phone = canary.phone();
  const { codeId: _, ...body } = given;
  return { ...body, phone, code: secret(await codeFor(phone)) };
}

let persons = 0;
/** A code of somebody new, whose names at every provider are looked for. */
function provided(body: Body): Body {
  persons += 1;
  const name = `kanari${persons}`;
  for (const app of ['wx-test', 'wx-web']) secret(`o${nameWithin(app, name, 27)}`);
  secret(`u${nameWithin('wechat', name, 27)}`);
  for (const app of ['qq-app', 'qq']) secret(nameWithin(app, name, 32));
  secret(nameWithin('ali-app', name, 40));
  secret(`2088${nameWithin('alipay', name, 12)}`);
  return { ...body, code: secret(providerCode(name, Date.now())) };
}

const invited = async () => {
  const userName = canary.userName();
  return { userName, invitation: secret((await invitedAs(userName)).invitation) };
};

let files = 0;
/** A file that names somebody by a phone or by what another system calls them; who is only given something is there. */
async function file({ isThere }: { isThere: boolean }): Promise<string> {
  files += 1;
  const [name, value] = files % 2 === 0 ? ['phone', canary.phone()] : ['externalId', canary.secret()];
  if (isThere) await buy({ member: { [name]: value } });
  return `${name},points,lastDay\n${value},5,2026-12-31\n`;
}

/** What makes a request good that takes something which was given before. */
const GIVEN: Record<string, (body: Body, world: World) => unknown> = {
  'uploads.openingBalances': () => file({ isThere: false }),
  'uploads.grants': () => file({ isThere: true }),
  'auth.logIn': smsCode,
  'identities.phone': smsCode,
  'identities.wechat': provided,
  'identities.wechatWeb': provided,
  'identities.qq': provided,
  'identities.alipay': provided,
  'identities.bind': provided,
  'identities.wechatPhone': (body) => ({ ...body, code: secret(providerCode(canary.phone(), Date.now())) }),
  'auth.refresh': async () => ({ refreshToken: secret((await loggedIn(canary.phone())).refreshToken) }),
  'points.give': async () => {
    const phone = canary.phone();
    await buy({ member: { phone } });
    return { to: { phone }, points: 1 };
  },
  'partners.token': (_, { values }) => {
    const client_secret = secret(values['client_secret']?.[0] as string);
    return { grant_type: 'client_credentials', client_id: 'till-9', client_secret };
  },
  'programme.propose': (body) => ({ ...(examples['programme.propose'] as Body), reason: body['reason'] }),
  'profiles.change': (body) => ({ ...body, birthday: canary.birthday(), region: canary.region() }),
  'staff-sessions.accept': async () => ({ invitation: (await invited()).invitation, password: PASSWORD }),
  'staff-sessions.confirm': async () => {
    const { invitation } = await invited();
    const { body } = await session('accept', { invitation, password: PASSWORD });
    return { invitation, code: codeAt(secret(body.totpSecret as string)) };
  },
  'staff-sessions.logIn': async () => {
    const { userName, invitation } = await invited();
    const { totpSecret, recoveryCodes } = await acceptedBy(userName, invitation);
    for (const one of [totpSecret, ...recoveryCodes]) secret(one);
    return { userName, password: PASSWORD, code: nextCode(totpSecret) };
  },
  'staff-sessions.refresh': async () => {
    const { userName, totpSecret } = await person('auditor');
    const { body } = await session('logIn', { userName, password: PASSWORD, code: nextCode(totpSecret) });
    return { refreshToken: secret(body.refreshToken as string) };
  },
  'staff-sessions.firstOwner': async () => ({ secret: secret(await firstOwnerSecret()), userName: canary.userName() }),
};

/** Whose token, where it is not that of who calls everything: who logged in without a phone has none yet. */
const CALLS: Record<string, () => Promise<string>> = {
  'identities.phone': byWechat,
  'identities.wechatPhone': byWechat,
};

async function byWechat(): Promise<string> {
  const { body } = await call(identitiesContract, 'wechat', { body: provided({}) });
  return secret(body.accessToken as string);
}

/** People who are there: others are invited only. */
const ENROLLED = ['staff.changeRoles', 'staff.proposeRoles'];

/** The values of what is personal on this route, each a canary; of all else what the mall has. */
function valuesFor(operation: Operation, world: World): World['values'] {
  const { body, url } = fieldsIn(operation);
  const values = { ...world.values };
  for (const [name, kind] of [...body, ...url]) values[name] = [canary[kind](), canary[kind]()];
  return values;
}

/** Good requests of which each personal field stands in one at least. */
async function goodOnes(operation: Operation, world: World, seed: number): Promise<Valid[]> {
  const values = valuesFor(operation, world);
  const wanted = new Set(fieldsIn(operation).body.keys());
  const kept: Valid[] = [];
  for (const one of fc.sample(validRequests(operation, { ...world, values }), { seed, numRuns: 40 })) {
    const text = JSON.stringify([one.body, one.query]);
    const brings = [...wanted].filter((name) => text.includes(`"${name}":`));
    if (kept.length > 1 && brings.length === 0) continue;
    for (const name of brings) wanted.delete(name);
    const made = GIVEN[operation.name]?.(one.body as Body, world) ?? one.body;
    const params = ENROLLED.includes(operation.name) ? { staffId: String(world.values['staffId']?.[0]) } : one.params;
    const { dryRun: _, ...query } = one.query;
    kept.push({ ...one, params, query, body: await made });
    if (wanted.size === 0 && kept.length > 1) break;
  }
  return kept;
}

/** What was asked and what came back. */
export interface Told extends Got {
  operation: Operation;
  sent: Wire;
}

/** Everything that stands in a request, and whether a canary does. */
export const wordsOf = ({ path, body }: Wire) => `${path} ${body?.toString() ?? ''}`;
const hasCanary = (wire: Wire) => kindsIn(wordsOf(wire)).length + wordsIn(wordsOf(wire), secrets).length > 0;

/** So many of the ways in which a request may be wrong beside what is personal in it. */
const WRONG = 6;

/**
 * Sends a route what it takes of a person: good, the same again, another under the same key, without a token; and wrong
 * beside it, in the path, the query, the headers, another field.
 */
export async function drive(operation: Operation, url: string, world: World, seed: number): Promise<Told[]> {
  const own = operation.row.auth === 'none' ? undefined : world.tokens[operation.row.auth];
  const token = (await CALLS[operation.name]?.()) ?? own;
  const good = await goodOnes(operation, world, seed);
  const last = good.findLast((one) => hasCanary(wireOf(operation, one, token)));
  const first = good[0];
  if (!first || !last) throw new Error(`${operation.name}: there is no good request with a canary.`);
  const wires = good.map((one) => wireOf(operation, one, token));
  wires.push(wireOf(operation, last, token), wireOf(operation, { ...first, key: last.key }, token));
  if (token) wires.push(wireOf(operation, last, undefined));
  const wrong = mutantsOf(operation, last, world).filter(({ wire }) => hasCanary(wire));
  const most = Math.min(WRONG, wrong.length);
  const some = fc.shuffledSubarray(wrong, { minLength: most, maxLength: most });
  wires.push(...(fc.sample(some, { seed, numRuns: 1 })[0] ?? []).map(({ wire }) => wire));
  const all: Told[] = [];
  for (const sent of wires) all.push({ ...(await send(url, sent)), operation, sent });
  return all;
}

/** Asks a route that only reads, with ids that there are, under these tokens. */
export async function look(operation: Operation, url: string, world: World, tokens: World['tokens']): Promise<Told[]> {
  const token = operation.row.auth === 'none' ? undefined : tokens[operation.row.auth];
  const all: Told[] = [];
  for (const one of fc.sample(validRequests(operation, world), { seed: 1, numRuns: 2 })) {
    const sent = wireOf(operation, one, token);
    all.push({ ...(await send(url, sent)), operation, sent });
  }
  return all;
}

/** The ids that answers gave: what somebody may ask for afterwards. */
export function learned(all: readonly Told[]): World['values'] {
  const given = all.filter(({ status }) => status < 300).flatMap(({ body }) => Object.entries(body ?? {}));
  const ids = given.filter(([name, id]) => name.endsWith('Id') && typeof id === 'string');
  return Object.fromEntries(
    [...Map.groupBy(ids, ([name]) => name)].map(([name, found]) => [name, found.map(([, id]) => id)]),
  );
}

const IS_SECRET = /(token|secret|invitation|recoveryCodes)$/i;

/** The secrets that an answer gives, however deep. */
function secretsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return IS_SECRET.test(name) && value.length > 15 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([below, part]) => secretsIn(part, Array.isArray(value) ? name : below));
}

/** Every secret that answers gave, and the tokens of who calls. */
export const givenBy = (all: readonly Told[], { tokens }: World): string[] => [
  ...new Set([
    ...all.filter(({ status }) => status < 300).flatMap(({ body }) => secretsIn(body)),
    ...Object.values(tokens),
  ]),
];
