import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InvokeAsynchronously } from './asynchronous.ts';
import { checkPattern, matches, type Pattern } from './event-pattern.ts';
import { Refusal } from './refusal.ts';
import { functionName, place } from './resource-types.ts';
import { ofType, type Resource } from './resources.ts';

interface RuleProperties {
  EventBusName?: string;
  EventPattern?: Pattern;
  State?: string;
  Targets?: { Arn: string; Id: string; Input?: unknown; InputPath?: unknown; InputTransformer?: unknown }[];
}

interface Entry {
  Source?: string;
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
  Resources?: string[];
}

/** An event as it leaves on the bus. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export interface Bus {
  /** Answers `AWSEvents.PutEvents`. */
  putEvents(request: { Entries?: Entry[] }): object;
  /** The newest thousand, newest first. */
  events(): BusEvent[];
  /** Which event wakes which function. */
  subscriptions(): { event: string; function: string }[];
  /** How many have left since the start. */
  count(): number;
  /** How many deliveries have begun and not ended. */
  underWay(): number;
  /** Waits until everything that is under way is delivered or dead. */
  settled(): Promise<void>;
}

const KEPT = 1_000;

function readRules(resources: readonly Resource[]): Resource<RuleProperties>[] {
  const rules = ofType<RuleProperties>(resources, 'AWS::Events::Rule');
  for (const { name, properties } of rules) {
    checkPattern(properties.EventPattern ?? {}, name);
    const shaped = properties.Targets?.some((target) => target.Input ?? target.InputPath ?? target.InputTransformer);
    if (shaped)
      throw new Refusal(
        `The rule ${name} shapes its target's input, which the local bus does not: teach it in infra/local/bus.ts.`,
      );
  }
  return rules.filter(({ properties }) => properties.State !== 'DISABLED');
}

function eventOf(entry: Entry, detail: unknown, now: number): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: place.account,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: entry.Resources ?? [],
    detail,
  };
}

function parseDetail(entry: Entry): { detail: unknown } | { ErrorCode: string; ErrorMessage: string } {
  if (!entry.Source || !entry.DetailType)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType are required.' };
  try {
    return { detail: JSON.parse(entry.Detail ?? '{}') };
  } catch {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
}

/** The template's buses and rules: takes events in and hands them to the rules' functions on its own time. */
export function openBus(resources: readonly Resource[], invoke: InvokeAsynchronously, now: () => number): Bus {
  const buses = ofType<object>(resources, 'AWS::Events::EventBus');
  const rules = readRules(resources);
  const underWay = new Set<Promise<void>>();
  const kept: BusEvent[] = [];
  let count = 0;

  function deliver(event: BusEvent, bus: Resource<object>): void {
    for (const { properties } of rules) {
      const here = properties.EventBusName === bus.name || properties.EventBusName === bus.arn;
      if (!here || !matches(properties.EventPattern ?? {}, event)) continue;
      for (const { Arn } of properties.Targets ?? []) {
        const delivery = invoke(Arn, event).finally(() => underWay.delete(delivery));
        underWay.add(delivery);
      }
    }
  }

  function put(entry: Entry): object {
    const bus = buses.find(({ name, arn }) => entry.EventBusName === name || entry.EventBusName === arn);
    if (!bus)
      return {
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Event bus ${entry.EventBusName ?? 'default'} does not exist.`,
      };
    const parsed = parseDetail(entry);
    if (!('detail' in parsed)) return parsed;
    const event = eventOf(entry, parsed.detail, now());
    kept.unshift(event);
    if (kept.length > KEPT) kept.pop();
    count += 1;
    deliver(event, bus);
    return { EventId: event.id };
  }

  return {
    putEvents({ Entries = [] }) {
      const answers = Entries.map(put);
      return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
    },
    events: () => [...kept],
    subscriptions: () =>
      rules.flatMap(({ properties: { EventPattern = {}, Targets = [] } }) => {
        const types = EventPattern['detail-type'];
        const functions = Targets.map(({ Arn }) => functionName(Arn));
        return (Array.isArray(types) ? types : ['*']).flatMap((event) =>
          functions.map((name) => ({ event: String(event), function: name })),
        );
      }),
    count: () => count,
    underWay: () => underWay.size,
    async settled() {
      await Promise.all(underWay);
    },
  };
}

/** As long as a person waits. */
const LAST_REACTIONS_MS = 10_000;

/** Lets who has begun to react end it before everything stops; what takes too long is cut off, and that is said. */
export async function lastReactions(bus: Bus, complain: (line: string) => void): Promise<void> {
  const given = new AbortController();
  const patience = sleep(LAST_REACTIONS_MS, undefined, { signal: given.signal }).catch(() => {});
  await Promise.race([bus.settled(), patience]);
  given.abort();
  const left = bus.underWay();
  if (left > 0) complain(`! ${left} reactions were under way for ${LAST_REACTIONS_MS / 1_000} s and are cut off.`);
}
