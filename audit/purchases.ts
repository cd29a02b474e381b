import { inForce, pointsFor, type Version } from './programme.ts';
import { entryAt, ofType, type World } from './world.ts';

interface Pieces {
  quantity: number;
  amountFen: number;
}

interface Purchase {
  number: string;
  amountFen: number;
  points: number;
  rule: string;
  lines?: (Pieces & { line: string; earns: boolean })[];
  returnedFen?: number;
  returnedLines?: Record<string, Pieces>;
  clawedBack?: number;
  lastDay?: string;
}

interface Return
  extends Record<'points' | 'taken' | 'counted' | 'owed' | 'lost' | 'offset' | 'amountFen' | 'recordedAt', number> {
  number: string;
  purchase: string;
  memberId: string;
  currency?: string;
  seq?: number;
  heirId?: string;
  lines?: (Pieces & { line: string })[];
}

/** The sum of a number of each. */
export const sumOf = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0);

/** How much of the money of a purchase earns, after so much of each line was returned. */
function earningFen({ amountFen, lines, returnedFen = 0, returnedLines = {} }: Purchase, left: boolean): number {
  if (!lines) return amountFen - (left ? returnedFen : 0);
  if (left && returnedFen === amountFen) return 0;
  const gone = (line: string) => (left ? (returnedLines[line]?.amountFen ?? 0) : 0);
  const rest = sumOf(lines, ({ line, amountFen: fen, earns }) => (earns ? fen - gone(line) : 0));
  // What was returned by amount and not by line lies where every line earns.
  const byAmount = left ? returnedFen - sumOf(Object.values(returnedLines), (pieces) => pieces.amountFen) : 0;
  return rest - byAmount;
}

function lineFaults({ lines, returnedLines = {} }: Purchase, returns: readonly Return[]): string[] {
  return Object.entries(returnedLines).flatMap(([line, gone]) => {
    const whole = lines?.find((one) => one.line === line);
    if (!whole) return [`line ${line} was returned and never bought`];
    const back = returns.flatMap((one) => one.lines ?? []).filter((one) => one.line === line);
    const faults =
      gone.quantity > whole.quantity || gone.amountFen > whole.amountFen
        ? [`more of line ${line} was returned than was bought`]
        : [];
    const same =
      sumOf(back, ({ quantity }) => quantity) === gone.quantity &&
      sumOf(back, ({ amountFen }) => amountFen) === gone.amountFen;
    return same ? faults : [...faults, `line ${line} has got back other than its returns say`];
  });
}

function purchaseFaults(purchase: Purchase, returns: readonly Return[], versions: readonly Version[]): string[] {
  const { amountFen, points, rule, returnedFen = 0, clawedBack = 0 } = purchase;
  const version = versions.find(({ version }) => `BASE@${version}` === rule);
  const faults = lineFaults(purchase, returns);
  const back = sumOf(returns, (one) => one.amountFen);
  const taken = sumOf(returns, (one) => one.points);
  if (back !== returnedFen) faults.push(`returnedFen is ${returnedFen} and its returns sum to ${back}`);
  if (returnedFen > amountFen) faults.push(`${returnedFen} fen of ${amountFen} were returned`);
  if (taken !== clawedBack) faults.push(`clawedBack is ${clawedBack} and its returns took ${taken}`);
  if (!version) return faults;
  const earns = pointsFor(earningFen(purchase, false), version);
  if (earns !== points) faults.push(`earned ${points}, and by ${rule} it is ${earns}`);
  const keeps = pointsFor(earningFen(purchase, true), version);
  if (points - clawedBack !== keeps)
    faults.push(`keeps ${points - clawedBack}, and by ${rule} the rest earns ${keeps}`);
  return faults;
}

function returnFaults(world: World, back: Return, versions: readonly Version[]): string[] {
  const {
    points,
    taken,
    counted,
    owed,
    lost,
    offset,
    currency = 'POINTS',
    memberId,
    heirId = memberId,
    seq = 0,
  } = back;
  const faults: string[] = [];
  const parts = taken + counted + owed + lost + offset;
  if (parts !== points) faults.push(`takes ${points} and its parts sum to ${parts}`);
  const shortages = inForce(versions, back.recordedAt).map(({ shortage }) => shortage);
  const how = { DEBT: owed, CLAMP: lost, OFFSET_CASH: offset };
  for (const [shortage, amount] of Object.entries(how)) {
    if (amount > 0 && !shortages.includes(shortage))
      faults.push(`${amount} are missing by ${shortage}, and the programme said ${shortages.join(' or ')}`);
  }
  const entry = entryAt(world, currency, heirId, seq);
  if (!entry) return points === 0 ? faults : [...faults, 'has no entry that takes anything'];
  const said = { counted, owed, lost, offset };
  for (const part of ['counted', 'owed', 'lost', 'offset'] as const) {
    if ((entry.parts[part] ?? 0) !== said[part])
      faults.push(`says ${part} ${said[part]}, and its entry ${entry.parts[part] ?? 0}`);
  }
  return faults;
}

/** What purchases keep is what the rest of them earns, and returns say where the points were (INV-8). */
export function checkPurchases(world: World, versions: readonly Version[]): void {
  const returns = Map.groupBy(
    ofType(world, 'return').map(({ all }) => all as unknown as Return),
    ({ purchase }) => purchase,
  );
  for (const { key, all } of ofType(world, 'purchase')) {
    const purchase = all as unknown as Purchase;
    for (const fault of purchaseFaults(purchase, returns.get(purchase.number) ?? [], versions))
      world.report('INV-8', key, fault);
  }
  for (const { key, all } of ofType(world, 'return')) {
    for (const fault of returnFaults(world, all as unknown as Return, versions)) world.report('INV-8', key, fault);
  }
}
