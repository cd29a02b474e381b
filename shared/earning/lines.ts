import { Refusal } from '../errors.ts';

/** A line of a purchase as its till reported it; `line` is the till's own id of it. */
export interface Line {
  line: string;
  sku?: string;
  quantity: number;
  amountFen: number;
  earns: boolean;
}

/** How many pieces of a line, and what they cost together. */
export interface Pieces {
  quantity: number;
  amountFen: number;
}

/** What a return takes of one line. */
export interface LineReturn extends Pieces {
  line: string;
}

type Returned = Record<string, Pieces> | undefined;

const NOTHING: Pieces = { quantity: 0, amountFen: 0 };

function returnedOf(returned: Returned, line: string): Pieces {
  return returned !== undefined && Object.hasOwn(returned, line) ? (returned[line] ?? NOTHING) : NOTHING;
}

/** What the first `quantity` pieces of a line cost: the floor, so that all parts add up to the line. */
export function amountOfFirst({ amountFen, quantity: all }: Pieces, quantity: number): number {
  return Number((BigInt(amountFen) * BigInt(quantity)) / BigInt(all));
}

/** What of each line has not been returned. */
export function left(lines: readonly Line[], returned: Returned): LineReturn[] {
  return lines.map(({ line, quantity, amountFen }) => {
    const gone = returnedOf(returned, line);
    return { line, quantity: quantity - gone.quantity, amountFen: amountFen - gone.amountFen };
  });
}

/** How much money lies in the earning lines that has not been returned. */
export function restOfLines(lines: readonly Line[], returned: Returned): number {
  const earning = lines.filter(({ earns }) => earns);
  return left(earning, returned).reduce((total, { amountFen }) => total + amountFen, 0);
}

/** Takes pieces of lines (the rest of a line where no quantity is said), or says which lines are wrong. */
export function linesTaken(
  lines: readonly Line[],
  returned: Returned,
  asked: readonly { line: string; quantity?: number | undefined }[],
): { lines: LineReturn[]; returnedLines: Record<string, Pieces> } | Refusal {
  const known = new Map(lines.map((line) => [line.line, line]));
  const unknown = asked.filter(({ line }) => !known.has(line)).map(({ line }) => line);
  if (unknown.length > 0) return new Refusal('purchases.lines_wrong', { unknown });
  const rest = new Map(left(lines, returned).map((one) => [one.line, one]));
  const wanted = asked.map(({ line, quantity }) => ({ line, quantity: quantity ?? rest.get(line)?.quantity ?? 0 }));
  const short = wanted.filter(({ line, quantity }) => quantity < 1 || quantity > (rest.get(line)?.quantity ?? 0));
  if (short.length > 0) {
    return new Refusal('purchases.return_exceeds', { lines: short.map(({ line }) => rest.get(line)) });
  }
  const taken = wanted.map(({ line, quantity }): LineReturn => {
    const whole = known.get(line) ?? NOTHING;
    const before = whole.quantity - (rest.get(line)?.quantity ?? 0);
    const amountFen = amountOfFirst(whole, before + quantity) - amountOfFirst(whole, before);
    return { line, quantity, amountFen };
  });
  const more = taken.map(({ line, quantity, amountFen }): [string, Pieces] => {
    const before = returnedOf(returned, line);
    return [line, { quantity: before.quantity + quantity, amountFen: before.amountFen + amountFen }];
  });
  return { lines: taken, returnedLines: { ...returned, ...Object.fromEntries(more) } };
}
