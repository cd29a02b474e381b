import { type ErrorCode, errorRow, titleOf } from '../errors.ts';

export type Language = 'zh' | 'en';

/** The language that the caller prefers of the two we speak; Chinese when nothing is said. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
    return { tag: tag.split('-')[0], quality: quality ? Number(quality.slice(2)) : 1 };
  });
  const spoken = wishes.filter(({ tag, quality }) => (tag === 'zh' || tag === 'en') && quality > 0);
  const best = spoken.toSorted((a, b) => b.quality - a.quality)[0];
  return best?.tag === 'en' ? 'en' : 'zh';
}

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** A refusal in the form of RFC 9457, in the caller's language; `details` stand beside the code
 * and never in the place of one of the form's own members. */
export function problem(
  code: ErrorCode,
  language: Language,
  details: Record<string, unknown>,
  instance: string,
): Answer {
  const row = errorRow(code);
  const { status } = row;
  const retryAfterSeconds = (details.retryAfterSeconds as number | undefined) ?? row.retryAfterSeconds;
  const members = { type: 'about:blank', title: titleOf(code)[language], status, code, instance };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language,
      'cache-control': 'no-store',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify({ ...members, ...details, ...members }),
  };
}
