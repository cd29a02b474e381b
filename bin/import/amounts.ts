const DECIMAL = /^\d+(?:\.\d+)?$/;

/** The API takes no larger amount. */
export const MAX_FEN = 100_000_000_000n;

/**
 * Decimal yuan as fen, rounded half up on the text itself: no float ever holds money. Answers why not where it is no
 * amount of a purchase.
 */
export function fenOf(yuan: string): number | string {
  if (!DECIMAL.test(yuan)) return 'is no decimal number';
  const [whole = '', fraction = ''] = yuan.split('.');
  const fen = BigInt(whole + fraction.padEnd(2, '0').slice(0, 2)) + (fraction.charAt(2) >= '5' ? 1n : 0n);
  if (fen === 0n) return 'is nothing';
  return fen > MAX_FEN ? `is more than ${MAX_FEN / 100n}` : Number(fen);
}
