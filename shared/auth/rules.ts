import type { Limits } from '../platform/budget-windows.ts';
import type { Presented } from './refresh-tokens.ts';

/** How a code lives: 6 digits, 5 minutes, 5 tries, one use. */
export const CODE = { digits: 6, livesSeconds: 300, tries: 5 } as const;

/** What a code is for: it is good for nothing else. */
export type CodePurpose = 'LOGIN' | 'STEP_UP';

/**
 * How many codes a phone is sent within how long, whatever for. The day's number also bounds a patient guesser: 10
 * codes of 5 tries are 50 of a million a day.
 */
const SENDS = [
  { most: 1, seconds: 60 },
  { most: 5, seconds: 3_600 },
  { most: 10, seconds: 86_400 },
] as const;

/** Which sends still say when the next may be, once there is one more of them. */
export function sendsWith(sends: readonly number[], at: number): number[] {
  return [...sends, at].slice(-10);
}

/** From which instant on a phone may be sent a code, by when it was sent others, the newest last. */
export function nextSendAt(sends: readonly number[]): number {
  return Math.max(0, ...SENDS.map(({ most, seconds }) => (sends.at(-most) ?? -seconds * 1_000) + seconds * 1_000));
}

/**
 * The budgets of codes; each message costs some 0.05 yuan. They are counted before anything is sent.
 *
 * ADDRESS: carriers put thousands of phones behind one address, so it is wide: it stops one machine, not a botnet.
 * DEVICE: a phone that a family or a shop counter shares; who makes up ids is stopped by the others.
 * PREFIX: the first 7 digits of a mainland number are 10,000 numbers of one carrier in one city. More than a busy
 *   evening brings in one city, and far below what is earned by sending to one's own numbers.
 * ABROAD: all of a country or a zone of numbering. Members there are few, and calls to dear countries are what is
 *   pumped most.
 * NOTICE: what one phone is told of changes of its member. No others share it, so nobody can use it up for them; and it
 *   is more than somebody changes on a day.
 * PROGRAMME: what a bad day may cost, some 1,000 yuan; the hour leaves people the time to see the alarms.
 */
export const BUDGETS = {
  ADDRESS: { hour: 120, day: 600 },
  DEVICE: { hour: 6, day: 15 },
  PREFIX: { hour: 100, day: 400 },
  ABROAD: { hour: 40, day: 100 },
  NOTICE: { hour: 5, day: 10 },
  PROGRAMME: { hour: 5_000, day: 20_000 },
} as const satisfies Record<string, Limits>;

export type BudgetKind = keyof typeof BUDGETS;

/** The last fifth of what all share is kept for phones that are members', so that no stranger can close the login. */
const STRANGERS_PERCENT = 80;

/** So much of a budget is for phones that nobody knows. */
export function strangersPart({ hour, day }: Limits): Limits {
  const part = (whole: number) => Math.floor((whole * STRANGERS_PERCENT) / 100);
  return { hour: part(hour), day: part(day) };
}

/** So many sessions end, or go, in one transaction, which takes a hundred writes: each may be two. */
export const SESSIONS_AT_ONCE = 45;

/** So many other sessions end in the transaction of something else, which takes a hundred writes; the rest after it. */
export const ENDED_WITH = 40;

/** While strangers are sent none, every answer takes so long: longer than a provider does, as a rule. */
export const RESERVED_ANSWER_MS = 1_500;

/** The country codes of one and two digits (ITU-T E.164); all others have three. */
const COUNTRY = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/** Which numbers count together with this one. */
export function areaOf(phone: string): { kind: 'PREFIX' | 'ABROAD'; area: string } {
  if (phone.startsWith('+86')) return { kind: 'PREFIX', area: phone.slice(0, 3 + 7) };
  return { kind: 'ABROAD', area: COUNTRY.exec(phone)?.[1] ?? '' };
}

/** What cannot be undone, and what makes or takes a way in, is asked of who has logged in so short a time ago. */
export const FRESH_SECONDS = 600;

/** So long after its instant a change has been made, or never will be. */
export const MADE_WITHIN_MS = 5_000;

/**
 * For how long a push token counts that was registered, and after how long the same one is registered anew: an app says
 * it at each start, and what says nothing for so long is gone.
 */
const PUSH = { countsMs: 90 * 86_400_000, renewedAfterMs: 86_400_000 } as const;

/** Which session has a token is known for longer than it counts, so that it is taken off whoever had it. */
export const pushKnownUntil = (registeredAt: number) => registeredAt + PUSH.countsMs + 86_400_000;

export const pushCounts = (registeredAt: number, at: number) => at < registeredAt + PUSH.countsMs;

/** Whether the same token, said again, changes nothing. */
export const isJustRegistered = (registeredAt: number, at: number) => at < registeredAt + PUSH.renewedAfterMs;

/** How a session lives: the access token is short, the refresh token is used once and renews the session. */
export const SESSION = { accessSeconds: 900, refreshSeconds: 90 * 86_400 } as const;

/**
 * How soon an access token dies with what it stands on: an authorizer goes by the list of revocations for `trustedMs`,
 * and the gateway by the authorizer for as long again. An item of the list is written a moment after its instant, so
 * each reading goes back a little; and it is kept until every token that it speaks of has run out: a client's lives longest,
 * an hour.
 */
export const REVOCATION = { trustedMs: 30_000, overlapMs: 10_000, keptMs: 3_660_000 } as const;

/** For so long the token that was used last is answered again: the answer may have been lost, or two tabs have asked. */
export const AGAIN_MS = 10_000;

/** What of a session says what its tokens come to. */
export interface Standing {
  /** Of the refresh token that counts; empty when the session was ended. */
  refreshDigest: string;
  /** When the token that counts took the place of the one before it. */
  renewedAt?: number;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** Whether a session goes on: it has neither run out nor been ended. */
export function isOpen({ expiresAt }: Pick<Standing, 'expiresAt'>, at: number): boolean {
  return expiresAt > at;
}

/**
 * What a refresh token that is presented comes to. RENEW: it is the one that counts. AGAIN: it was used a moment ago,
 * and its successor has not been used yet. REUSED: it was used before, by whomever: one of two who hold it stole it.
 * NO: the session is over, or this is no token of it.
 */
export function judge(
  session: Standing | undefined,
  { digest, nextDigest, wasGiven }: Presented,
  at: number,
): 'RENEW' | 'AGAIN' | 'REUSED' | 'NO' {
  if (!session || !isOpen(session, at)) return 'NO';
  if (digest === session.refreshDigest) return 'RENEW';
  const wasLast = nextDigest === session.refreshDigest;
  if (wasLast && at - (session.renewedAt ?? 0) < AGAIN_MS) return 'AGAIN';
  return wasLast || wasGiven ? 'REUSED' : 'NO';
}

/** What a client may say it runs on. */
export type Platform = 'IOS' | 'ANDROID' | 'HARMONY' | 'MINI_PROGRAM' | 'WEB' | 'OTHER';

/** By which word a browser, or the app that has one inside, is known; the first that fits: most name others, too. */
const APPS = [
  ['WECHAT', /MicroMessenger\//i],
  ['ALIPAY', /AlipayClient\//i],
  ['QQ', /\bM?QQ(Browser)?\//i],
  ['HUAWEI', /HuaweiBrowser\//i],
  ['EDGE', /\bEdg(e|A|iOS)?\//],
  ['FIREFOX', /\b(Firefox|FxiOS)\//],
  ['CHROME', /\b(Chrome|CriOS)\//],
  ['SAFARI', /\bVersion\/.*\bSafari\//],
] as const;

export type App = (typeof APPS)[number][0] | 'OTHER';

/** Which family of browsers and apps a User-Agent is of. */
export function appOf(userAgent: string | undefined): App {
  return APPS.find(([, known]) => known.test(userAgent ?? ''))?.[0] ?? 'OTHER';
}
