import { logger } from '../../shared/platform/logger.ts';

/**
 * What stands in every canary of a kind and nowhere else, so that it is found in whatever it is part of: a phone by its
 * last eight digits.
 */
export const MARKS = {
  phone: '86427531',
  words: '金丝雀',
  secret: 'kanari',
  birthday: '1931-08-27',
  region: 'ZQ-7X9',
  /** Of staff: it stands in the record of what they do, by design, and is to name nobody. */
  reason: '缘由雀',
  /** The name by which somebody of staff logs in. */
  userName: 'kanname',
} as const;
export type Kind = keyof typeof MARKS;

/** In base64 a text looks otherwise by where in it the word begins: what is the same in each, of all three. */
function base64Of(word: string): string[] {
  const bytes = Buffer.from(word);
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const firstOwn = Math.ceil((before * 8) / 6);
    const lastOwn = Math.floor(((before + bytes.length) * 8) / 6);
    return whole.slice(firstOwn, lastOwn);
  });
}

const escaped = (word: string) =>
  word.replaceAll(/[^]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Every form in which a word may stand somewhere: as it is, of a URL, of JSON, of hex, of base64. */
export function formsOf(word: string): string[] {
  const base64 = base64Of(word);
  return [
    ...new Set([
      word,
      encodeURIComponent(word),
      encodeURIComponent(word).toLowerCase(),
      JSON.stringify(word).slice(1, -1),
      escaped(word),
      escaped(word).toUpperCase().replaceAll('\\U', '\\u'),
      Buffer.from(word).toString('hex'),
      Buffer.from(word).toString('hex').toUpperCase(),
      ...base64,
      ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ];
}

const FORMS = Object.entries(MARKS).map(([kind, mark]) => ({
  kind: kind as Kind,
  forms: kind === 'birthday' ? [...formsOf(mark), ...formsOf(mark.replaceAll('-', ''))] : formsOf(mark),
}));

/** Which kinds of canaries stand in a text, in any form. */
export function kindsIn(text: string): Kind[] {
  return FORMS.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ kind }) => kind);
}

/** Which of these very words stand in a text, in any form. */
export function wordsIn(text: string, words: Iterable<string>): string[] {
  return [...words].filter((word) => {
    const forms = known.get(word) ?? formsOf(word);
    known.set(word, forms);
    return forms.some((form) => text.includes(form));
  });
}
const known = new Map<string, string[]>();

/** An item, a list, whatever it is, as one text: binaries as base64 and as the letters that may be in them. */
export function textOf(value: unknown): string {
  // Not as the replacer is given it: a Buffer has said by then that it is a list of numbers.
  return JSON.stringify(value, function (this: Record<string, unknown>, name: string) {
    const part = this[name];
    if (part instanceof Set) return [...(part as Set<unknown>)];
    if (!(part instanceof Uint8Array)) return part;
    const bytes = Buffer.from(part);
    return [bytes.toString('base64'), bytes.toString('utf8')];
  });
}

let made = 0;
const next = () => (made += 1);
let phones = 0;

/** A canary of each kind, another each time but for those of which there is one; a phone is one of seventy. */
export const canary: Record<Kind, () => string> = {
  phone: () => {
    const one = phones % 70;
    phones += 1;
    return `1${3 + Math.floor(one / 10)}${one % 10}${MARKS.phone}`;
  },
  words: () => `${MARKS.words}${next()}号`,
  secret: () => `${MARKS.secret}${next()}`,
  birthday: () => MARKS.birthday,
  region: () => MARKS.region,
  reason: () => `${MARKS.reason}${next()}`,
  userName: () => `${MARKS.userName}-${next()}`,
};

/** Listens to all that is logged, of every level, until it is told to stop. */
export function listen(): { lines: string[]; stop(): void } {
  const lines: string[] = [];
  const level = logger.getLevelName();
  logger.setLogLevel('DEBUG');
  const ways = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  const consoles = ways.map((way) => [way, console[way]] as const);
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const [way] of consoles) console[way] = (...said: unknown[]) => void lines.push(said.map(String).join(' '));
  for (const [stream] of streams)
    stream.write = (said: unknown) => {
      lines.push(Buffer.isBuffer(said) ? said.toString() : String(said));
      return true;
    };
  return {
    lines,
    stop() {
      for (const [way, real] of consoles) console[way] = real;
      for (const [stream, real] of streams) stream.write = real;
      logger.setLogLevel(level);
    },
  };
}
