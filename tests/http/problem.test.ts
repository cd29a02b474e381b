import { describe, expect, it } from 'vitest';
import titles from '../../shared/error-titles.json' with { type: 'json' };
import { type ErrorCode, errors } from '../../shared/errors.ts';
import { languageOf, problem } from '../../shared/http/problem.ts';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['en', 'en'],
    ['EN-us', 'en'],
    ['zh-TW', 'zh'],
    ['fr', 'zh'],
    ['fr, en;q=0.3', 'en'],
    ['en;q=0.8, zh;q=0.9', 'zh'],
    ['zh;q=0.8,en;q=0.9', 'en'],
    ['zh; q=0.1 , en; q=0.2', 'en'],
    ['en;q=0', 'zh'],
    ['zh;q=0, en', 'en'],
    ['en, zh', 'en'],
    ['zh, en', 'zh'],
    ['en;level=1;q=0.9, zh;q=0.5', 'en'],
    ['en;q=rubbish', 'zh'],
    ['*', 'zh'],
    [';;,,==', 'zh'],
    ['english', 'zh'],
    ['x'.repeat(100_000), 'zh'],
  ] as const)('for %j is %s', (asked, language) => {
    expect(languageOf(asked)).toBe(language);
  });
});

describe('a problem', () => {
  const told = (details: Record<string, unknown> = {}) => problem('points.insufficient', 'en', details, 'req-1');

  it('has the form of RFC 9457, a stable code and details', () => {
    const { statusCode, headers, body } = told({ missing: 28 });
    expect(statusCode).toBe(409);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Not enough points',
      status: 409,
      code: 'points.insufficient',
      instance: 'req-1',
      missing: 28,
    });
  });

  it('lets no detail stand in the place of its own members', () => {
    const forged = { type: 'x', title: 'x', status: 200, code: 'x', instance: 'x' };
    expect(told(forged).body).toBe(told().body);
    expect(told(forged).statusCode).toBe(409);
  });

  it.each(Object.entries(errors))('%s is titled in both languages', (code, { status }) => {
    const title = titles[code as ErrorCode];
    for (const language of ['zh', 'en'] as const) {
      const answer = problem(code as ErrorCode, language, {}, 'req-1');
      expect(JSON.parse(answer.body)).toMatchObject({ code, status, title: title[language] });
      expect(answer.headers['content-language']).toBe(language);
    }
    expect(title.zh).toMatch(/\p{Script=Han}/u);
    expect(title.en).not.toMatch(/\p{Script=Han}/u);
  });

  it('says how to log in with a 401, and how long to wait when it is busy', () => {
    expect(problem('auth.token_missing', 'zh', {}, '').headers['www-authenticate']).toBe('Bearer');
    expect(problem('points.busy', 'zh', {}, '').headers['retry-after']).toBe('1');
  });
});
