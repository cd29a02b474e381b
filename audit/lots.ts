/** How much lies under each last day. */
export type Lots = Record<string, number>;

/** The whole of it. */
export function total(lots: Lots | undefined): number {
  let sum = 0;
  for (const lot in lots) sum += lots[lot] ?? 0;
  return sum;
}

/** Puts more (or, negative, less) into a lot, in place; nothing is kept with nothing in it. */
export function put(lots: Lots, lot: string, amount: number): void {
  const now = (lots[lot] ?? 0) + amount;
  if (now === 0) delete lots[lot];
  else lots[lot] = now;
}

/** Puts all of `more` in, `times` 1 or −1. */
export function putAll(lots: Lots, more: Lots | undefined, times: 1 | -1 = 1): void {
  for (const lot in more) put(lots, lot, times * (more[lot] ?? 0));
}

/** The lots, earliest last day first. */
export function earliestFirst(lots: Lots): string[] {
  return Object.keys(lots).toSorted();
}

/** Takes up to `amount` out of the lots in this order, in place, and says what was taken. */
export function draw(lots: Lots, order: readonly string[], amount: number): Lots {
  const taken: Lots = {};
  let left = amount;
  for (const lot of order) {
    const part = Math.min(left, lots[lot] ?? 0);
    if (part <= 0) continue;
    taken[lot] = part;
    put(lots, lot, -part);
    left -= part;
  }
  return taken;
}

/** What stands otherwise in `found` than in `wanted`, as texts; what is missing counts as 0, and so does what is empty. */
export function differences(found: unknown, wanted: unknown, path: string): string[] {
  if (found === wanted) return [];
  if (isRecord(found) || isRecord(wanted)) {
    const [here, there] = [isRecord(found) ? found : {}, isRecord(wanted) ? wanted : {}];
    const names = new Set([...Object.keys(here), ...Object.keys(there)]);
    return [...names].flatMap((name) => differences(here[name], there[name], path === '' ? name : `${path}.${name}`));
  }
  const [one, other] = [found ?? 0, wanted ?? 0];
  return one === other ? [] : [`${path} is ${JSON.stringify(one)} and should be ${JSON.stringify(other)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
