import { type Claims, causeFinder } from './causes.ts';
import { lastDayOf } from './days.ts';
import type { Entry } from './entry.ts';
import { type Lots, putAll, total } from './lots.ts';
import { otherSide, type Placed } from './origins.ts';
import { inForce, latestGraceDay, type Version } from './programme.ts';
import type { World } from './world.ts';

/** What came into lots by this entry, whatever became of it. */
function arrived({ kind, draws, parts }: Entry): Lots {
  const lots = { ...(kind === 'CAPTURE' ? parts.back : draws) };
  putAll(lots, parts.lapsed);
  return lots;
}

const latest = (lots: Lots): string => Object.keys(lots).map(lastDayOf).toSorted().at(-1) ?? '';

/** A gift arrives in the lots that it left. */
function giftFault(out: Entry, into: Entry): string | undefined {
  if (out.amount !== into.amount) return `${out.amount} went out and ${into.amount} came in`;
  const came = arrived(into);
  const wrong = Object.keys({ ...out.draws, ...came }).find((lot) => out.draws[lot] !== came[lot]);
  return wrong === undefined
    ? undefined
    : `of the lot ${wrong}, ${out.draws[wrong] ?? 0} went out and ${came[wrong] ?? 0} came in`;
}

/** An exchange is worth what a rule of the time says, and no point lives longer for it. */
function exchangeFault(versions: readonly Version[], { chain, entry: out }: Placed, into: Entry): string | undefined {
  const to = out.parts.party ?? '';
  const byRule = versions.filter(({ version }) => out.rule === `EXCHANGE@${version}`);
  const rates = (out.rule === undefined ? inForce(versions, out.recordedAt) : byRule).flatMap(({ exchange }) =>
    exchange.filter((rate) => rate.from === chain.currency && rate.to === to),
  );
  const isWorth = rates.some(
    ({ take, give }) => (BigInt(out.amount) * BigInt(give)) / BigInt(take) === BigInt(into.amount),
  );
  if (!isWorth) return `${out.amount} ${chain.currency} became ${into.amount} ${to}, which is no rate of that time`;
  const [before, now] = [latest(out.draws), latest(arrived(into))];
  return now > before ? `points to ${before} became points to ${now}` : undefined;
}

function sideFault(versions: readonly Version[], placed: Placed, into: Entry | undefined): string | undefined {
  const { entry } = placed;
  if (!into) return `${entry.amount} went out and nothing came in`;
  if (entry.kind === 'TRANSFER_OUT') return giftFault(entry, into);
  if (entry.kind === 'EXCHANGE_OUT') return exchangeFault(versions, placed, into);
  const came = total(arrived(into));
  const [before, now] = [
    latest({ ...entry.draws, ...(entry.parts.pending && lotsOf(entry.parts.pending)) }),
    latest(arrived(into)),
  ];
  if (now > before) return `points to ${before} became points to ${now}`;
  return came < total(entry.draws) ? `${total(entry.draws)} went out and ${came} came in` : undefined;
}

function lotsOf(pending: Record<string, Lots>): Lots {
  const lots: Lots = {};
  for (const waiting of Object.values(pending)) putAll(lots, waiting);
  return lots;
}

/** What came back later than it was, other than by days of grace. */
function graceFault(
  world: World,
  versions: readonly Version[],
  entry: Entry,
  from: Lots | undefined,
): string | undefined {
  const today = world.calendar.dayOf(entry.effectiveAt);
  const until = latestGraceDay(versions, entry.recordedAt, today);
  for (const lot of Object.keys(arrived(entry))) {
    if (from && lot in from) continue;
    if (lot.endsWith('g')) {
      if (lastDayOf(lot) > until) return `the grace lot ${lot} is later than the programme's days of grace, ${until}`;
    } else if (from && Object.keys(from).length > 0) return `the lot ${lot} is none of those that it came from`;
  }
  return undefined;
}

const RETURNING = ['REFUND', 'RELEASE', 'CAPTURE', 'ADJUST_UP'];

/** What goes out comes in, and no points live longer than they did (INV-30). */
export function checkGifts(
  world: World,
  versions: readonly Version[],
  all: Map<string, Placed[]>,
  claims: Claims,
): void {
  const causeOf = causeFinder(world, claims);
  for (const placed of [...all.values()].flat()) {
    const { entry, chain } = placed;
    if (entry.kind.endsWith('_OUT')) {
      const into = otherSide(world, all, placed);
      const fault = sideFault(versions, placed, into);
      for (const side of fault ? [entry, ...(into ? [into] : [])] : []) world.report('INV-30', side.key, fault ?? '');
    } else if (entry.kind.endsWith('_IN')) {
      if (!otherSide(world, all, placed))
        world.report('INV-30', entry.key, `${entry.amount} came in and nothing went out`);
    } else if (RETURNING.includes(entry.kind)) {
      const fault = graceFault(world, versions, entry, causeOf(entry, chain)?.lots);
      if (fault) world.report('INV-30', entry.key, fault);
    }
  }
}
