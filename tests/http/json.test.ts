import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../shared/errors.ts';
import { readJson } from '../../shared/http/json.ts';

/** Where the text was refused, and why. */
function refused(text: string): { path: string; message: string } | undefined {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return (error.details['errors'] as { path: string; message: string }[])[0];
  }
}

describe('JSON as two readers agree on it', () => {
  it('is read as any parser reads it', () => {
    const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    fc.assert(
      fc.property(value, fc.constantFrom('', ' ', '\t', '\n'), (given, blank) => {
        const text = JSON.stringify(given, null, blank);
        expect(JSON.stringify(readJson(text), null, blank)).toBe(text);
      }),
    );
  });

  it('is refused where a name stands twice, wherever that is and however it is written', () => {
    const name = fc.string({ maxLength: 8 });
    const many = fc.uniqueArray(name, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(many, fc.nat(), fc.boolean(), fc.jsonValue({ maxDepth: 2 }), (names, pick, escapes, value) => {
        const twice = names[pick % names.length] as string;
        const again = escapes
          ? Array.from(twice, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
          : undefined;
        const fields = names.map((one) => `${JSON.stringify(one)} : ${JSON.stringify(value)}`);
        const text = `{"a":[0,{${[...fields, `${again ? `"${again.join('')}"` : JSON.stringify(twice)}:1`].join(' ,')}}]}`;
        expect(refused(text)).toEqual({ in: 'body', path: `a.1.${twice}`, message: 'stands twice' });
      }),
    );
  });

  it.each([
    ['{"a":{"a":{"a":1}}}', undefined],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":"a","b":"a"}', undefined],
    [String.raw`{"a\"":1,"a":2,"a\\":3}`, undefined],
    [String.raw`{"a":"\",\"a\":"}`, undefined],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"":1,"":2}', ''],
    [String.raw`["",{"x":"\ud800"}]`, '1.x'],
    [String.raw`["\ud83d\ude00"]`, undefined],
    [String.raw`["\udc00\ud800"]`, '0'],
    [`${'['.repeat(32)}${']'.repeat(32)}`, undefined],
    [`${'['.repeat(33)}${']'.repeat(33)}`, Array(32).fill('0').join('.')],
    [`{"a":${'[1,'.repeat(20_000)}1${']'.repeat(20_000)}}`, `a${'.1'.repeat(31)}`],
  ])('%s', (text, path) => {
    expect(refused(text)?.path).toBe(path);
  });

  it('is read in one go, however long it is', () => {
    const long = JSON.stringify({ a: '\\"'.repeat(16_000), b: Array.from({ length: 9_000 }, (_, i) => i) });
    const started = performance.now();
    readJson(long);
    readJson(`"${'{'.repeat(65_000)}"`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('throws what the parser throws where it is no JSON', () => {
    for (const text of ['', '{', '{"a":1,}', '\uFEFF{}', "{'a':1}", '[1]]', 'NaN', '{"a" 1}'])
      expect(() => readJson(text), text).toThrow(SyntaxError);
  });
});
