import { describe, expect, it } from 'vitest';
import {
  AGAIN_MS,
  appOf,
  areaOf,
  BUDGETS,
  CODE,
  judge,
  nextSendAt,
  REVOCATION,
  SESSION,
  sendsWith,
  strangersPart,
} from '../../shared/auth/rules.ts';
import { phone } from '../../shared/http/fields.ts';
import { TOKEN_SECONDS } from '../../shared/partners/rules.ts';
import { levelOf } from '../../shared/platform/budget-windows.ts';

describe('how a login lives', () => {
  it('has a code of 6 digits, for at most 10 minutes and 5 tries', () => {
    expect(CODE.digits).toBe(6);
    expect(CODE.livesSeconds).toBeLessThanOrEqual(600);
    expect(CODE.tries).toBeLessThanOrEqual(5);
  });

  const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
  it.each([
    ['never before', [], 0],
    ['once', [7], 7 + MINUTE],
    ['four times in an hour', [0, 1, 2, 3].map((i) => i * MINUTE), 4 * MINUTE],
    ['five times in an hour', [0, 1, 2, 3, 4].map((i) => i * MINUTE), HOUR],
    ['five times in more than an hour', [0, 1, 2, 3, 59.5].map((i) => i * MINUTE), 60.5 * MINUTE],
    ['ten times in a day', Array.from({ length: 10 }, (_, i) => i * HOUR), DAY],
  ])('sends a phone that was sent codes %s the next from then on', (_, sends, next) => {
    expect(nextSendAt(sends)).toBe(next);
  });

  it.each([
    ['+8613800138000', 'PREFIX', '+861380013'],
    ['+861234567', 'PREFIX', '+861234567'],
    ['+14155550123', 'ABROAD', '1'],
    ['+79161234567', 'ABROAD', '7'],
    ['+447400123456', 'ABROAD', '44'],
    ['+85291234567', 'ABROAD', '852'],
    ['+2348031234567', 'ABROAD', '234'],
    ['+971501234567', 'ABROAD', '971'],
  ])('counts %s by %s %s', (phone, kind, area) => {
    expect(areaOf(phone)).toEqual({ kind, area });
  });

  it('keeps a part of what all share for members, and what one has is the least', () => {
    for (const limits of Object.values(BUDGETS)) {
      expect(limits.hour).toBeLessThan(limits.day);
      expect(strangersPart(limits).hour).toBeLessThan(limits.hour);
      expect(strangersPart(limits).day).toBeLessThan(limits.day);
      expect(limits.day).toBeLessThanOrEqual(BUDGETS.PROGRAMME.day);
    }
  });

  it.each([
    [99, 200, undefined],
    [100, 200, 50],
    [101, 200, undefined],
    [102, 200, 50],
    [160, 200, 80],
    [199, 200, undefined],
    [200, 200, 100],
    [201, 200, 100],
  ])('says at %i of %i: %s', (sent, limit, level) => {
    expect(levelOf(sent, limit)).toBe(level);
  });

  it('remembers no more sends than it goes by', () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    expect(sendsWith(ten, 10)).toEqual([...ten.slice(1), 10]);
    expect(nextSendAt(ten)).toBe(Math.max(9 + MINUTE, 5 + HOUR, 0 + DAY));
  });

  it('has a short access token and a longer session', () => {
    expect(SESSION.accessSeconds).toBeLessThanOrEqual(900);
    expect(SESSION.refreshSeconds).toBeGreaterThan(SESSION.accessSeconds);
  });
});

describe('what was revoked', () => {
  it('is known within 30 seconds, and kept until no token of any kind can stand on it', () => {
    expect(REVOCATION.trustedMs).toBeLessThanOrEqual(30_000);
    expect(REVOCATION.keptMs).toBeGreaterThan(Math.max(SESSION.accessSeconds, TOKEN_SECONDS) * 1_000);
  });
});

describe('the app of a User-Agent', () => {
  it.each([
    [
      'Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50 MiniProgramEnv/android',
      'WECHAT',
    ],
    ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 AlipayClient/10.5', 'ALIPAY'],
    ['Mozilla/5.0 (Linux; Android 14) MQQBrowser/6.2 Mobile Safari/537.36 V1_AND_SQ QQ/9.0.90', 'QQ'],
    ['Mozilla/5.0 (Linux; HarmonyOS) Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36', 'HUAWEI'],
    ['Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0', 'EDGE'],
    ['Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/132.0', 'FIREFOX'],
    ['Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/130.0 Mobile Safari/604.1', 'CHROME'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15', 'SAFARI'],
    ['curl/8.5.0', 'OTHER'],
    ['', 'OTHER'],
    [undefined, 'OTHER'],
  ])('%s is %s', (userAgent, app) => {
    expect(appOf(userAgent)).toBe(app);
  });
});

describe('a refresh token that is presented', () => {
  const session = { refreshDigest: 'C', expiresAt: 1_000_000, renewedAt: 500_000 };
  const current = { digest: 'C', nextDigest: 'D', wasGiven: true };
  const last = { digest: 'B', nextDigest: 'C', wasGiven: true };
  const older = { digest: 'A', nextDigest: 'B', wasGiven: true };
  const foreign = { digest: 'X', nextDigest: 'Y', wasGiven: false };
  const ended = { refreshDigest: '', expiresAt: 500_000, renewedAt: 400_000 };

  it.each([
    ['the one that counts', session, current, 500_000, 'RENEW'],
    ['the one that counts, in the last millisecond', session, current, 999_999, 'RENEW'],
    ['the one that counts, when the session is over', session, current, 1_000_000, 'NO'],
    ['the first of a session', { refreshDigest: 'C', expiresAt: 1_000_000 }, current, 1, 'RENEW'],
    ['the last one at once', session, last, 500_000, 'AGAIN'],
    ['the last one, by a clock that is behind', session, last, 499_000, 'AGAIN'],
    ['the last one in the last millisecond', session, last, 500_000 + AGAIN_MS - 1, 'AGAIN'],
    ['the last one too late', session, last, 500_000 + AGAIN_MS, 'REUSED'],
    ['the last one without a mark, too late', session, { ...last, wasGiven: false }, 600_000, 'REUSED'],
    ['an older one at once', session, older, 500_000, 'REUSED'],
    ['an older one without a mark', session, { ...older, wasGiven: false }, 500_000, 'NO'],
    ['one that was never given', session, foreign, 500_000, 'NO'],
    ['the last one of a session that was ended', ended, last, 500_000, 'NO'],
    ['one of no session', undefined, current, 500_000, 'NO'],
  ] as const)('%s', (_, kept, presented, at, comesTo) => {
    expect(judge(kept, presented, at)).toBe(comesTo);
  });
});

describe('a phone number', () => {
  it.each([
    ['13800138000', '+8613800138000'],
    ['+8613800138000', '+8613800138000'],
    ['19912345678', '+8619912345678'],
    ['+14155550123', '+14155550123'],
    ['+85291234567', '+85291234567'],
  ])('%s is %s', (given, meant) => {
    expect(phone.parse(given)).toBe(meant);
  });

  it.each([
    '12800138000',
    '1380013800',
    '8613800138000',
    '+0861380013800',
    '+86 138',
    '138-0013-8000',
    '++8613800138000',
    '+',
  ])('%s is none', (given) => {
    expect(phone.safeParse(given).success).toBe(false);
  });
});
