import { callLine, painted, requestLine, saidIn, saidLine } from './log-lines.ts';
import type { Line } from './run-log.ts';

type Call = Extract<Line, { kind: 'call' }>;

interface Change {
  key: string;
  changedAt?: number;
  events: { name: string; eventId: string }[];
}

interface Written {
  key: string;
  at: number;
  invocationId: string;
  events: Change['events'];
}

type Announced = Change & { announcedAt: number };

/** A write is logged when its answer is there, which may be a little after its change was announced. */
const TOGETHER_MS = 2_000;
/** A reaction's write is announced and wakes the next: nobody follows further than this. */
const DEEPEST = 8;

function lines<Kind extends Line['kind']>(all: readonly Line[], kind: Kind): Extract<Line, { kind: Kind }>[] {
  return all.filter((line) => line.kind === kind) as Extract<Line, { kind: Kind }>[];
}

/** What functions wrote, in order, each with the events that it became. */
function writesIn(all: readonly Line[]): Written[] {
  const said = lines(all, 'said').map((line) => ({ ...line, ...saidIn(line.text) }));
  const writes = said
    .filter(({ message }) => message === 'written')
    .flatMap(({ at, invocationId, facts }) =>
      (facts['keys'] as string[]).map((key): Written => ({ key, at: Date.parse(at), invocationId, events: [] })),
    );
  const changes = said
    .filter(({ message }) => message === 'announced')
    .flatMap(({ at, facts }) => (facts['changes'] as Change[]).map((one) => ({ ...one, announcedAt: Date.parse(at) })));
  attach(writes, changes);
  return writes;
}

/** An item changes in the order in which it was written: each change is of the first write in its time that has none. */
function attach(writes: readonly Written[], changes: readonly Announced[]): void {
  const waiting = Map.groupBy(writes, ({ key }) => key);
  const seen = new Set<string>();
  for (const { key, changedAt = 0, announcedAt, events } of changes) {
    const content = `${key} ${JSON.stringify(events)}`;
    if (seen.has(content)) continue;
    seen.add(content);
    const own = waiting
      .get(key)
      ?.find(({ at, events: has }) => has.length === 0 && at >= changedAt * 1_000 && at < announcedAt + TOGETHER_MS);
    own?.events.push(...events);
  }
}

/**
 * The story of one request, event or call, by its id, as lines to read: the gateway's, then each function that it woke
 * with what that said and wrote, then the events that the writes became and, under each, the functions that it woke.
 */
export function storyOf(all: readonly Line[], id: string): string[] {
  const calls = lines(all, 'call');
  const said = Map.groupBy(lines(all, 'said'), ({ invocationId }) => invocationId);
  const writes = Map.groupBy(writesIn(all), ({ invocationId }) => invocationId);
  const told = new Set<Call>();

  function tellCall(call: Call, depth: number): string[] {
    if (told.has(call) || depth > DEEPEST) return [];
    told.add(call);
    const pad = '  '.repeat(depth);
    const own = (said.get(call.invocationId) ?? []).map(({ text }) => `${pad}  ${saidLine(text)}`);
    const events = (writes.get(call.invocationId) ?? []).flatMap(({ key, events }) =>
      events.flatMap(({ name, eventId }) => [
        `${pad}  ${painted('bold', name)}  ${painted('dim', `event ${eventId} of ${key}`)}`,
        ...tellCause(eventId, depth + 2),
      ]),
    );
    return [`${pad}${callLine(call)}`, ...own, ...events];
  }

  function tellCause(cause: string, depth: number): string[] {
    return calls.filter((call) => call.cause === cause).flatMap((call) => tellCall(call, depth));
  }

  const requests = lines(all, 'request').filter(({ requestId }) => requestId === id);
  const heads = requests.map((request) => `${painted('dim', request.at)} ${requestLine(request)}`);
  const bare = calls.filter(({ invocationId }) => invocationId === id).flatMap((call) => tellCall(call, 0));
  return [...heads, ...tellCause(id, heads.length > 0 ? 1 : 0), ...bare];
}
