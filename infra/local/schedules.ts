import { Cron } from 'croner';
import { Refusal } from './refusal.ts';
import { ofType, type Resource } from './resources.ts';

interface ScheduleProperties {
  Name?: string;
  Description?: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone?: string;
  State?: string;
  Target: { Arn: string; Input?: string };
}

export interface Schedule {
  name: string;
  says: string;
  expression: string;
  timeZone: string;
  functionArn: string;
  input: string;
  /** The first occurrence after the instant, in epoch milliseconds. */
  next(after: number): number | undefined;
}

export interface Occurrence {
  schedule: Schedule;
  dueAt: number;
}

const HOUR_MS = 3_600_000;
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** Scheduler counts weekdays 1–7 from Sunday, croner 0–6. */
function weekdays(field: string): string {
  return field.replaceAll(/(?<![#\d/])[1-7](?!\d)/g, (day) => String(Number(day) - 1));
}

/** EventBridge Scheduler's `cron(minutes hours day-of-month month day-of-week year)` as croner reads it. */
export function cronPattern(expression: string): string {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6)
    throw new Refusal(
      `The schedule "${expression}" is not cron(…) with six fields: the local calendar runs no other kind.`,
    );
  const [minute, hour, dayOfMonth, month, dayOfWeek = '*', year] = fields.map((field) => (field === '?' ? '*' : field));
  return ['0', minute, hour, dayOfMonth, month, weekdays(dayOfWeek), year].join(' ');
}

/** What falls into the hour that spring leaves out is skipped, as Scheduler does; autumn's second hour repeats nothing. */
function nextOf(cron: Cron, after: number): number | undefined {
  let next = cron.nextRun(new Date(after));
  while (next && !cron.match(next)) next = cron.nextRun(next);
  return next?.getTime();
}

/** A schedule of the template; `next` is strictly after its argument. */
export function scheduleOf({ name, properties }: Resource<ScheduleProperties>): Schedule {
  const timeZone = properties.ScheduleExpressionTimezone ?? 'UTC';
  const cron = new Cron(cronPattern(properties.ScheduleExpression), {
    timezone: timeZone,
    paused: true,
    mode: '7-part',
    sloppyRanges: true,
  });
  return {
    name: properties.Name ?? name,
    says: properties.Description ?? '',
    expression: properties.ScheduleExpression,
    timeZone,
    functionArn: properties.Target.Arn,
    input: properties.Target.Input ?? '{}',
    next: (after) => nextOf(cron, after),
  };
}

export function readSchedules(resources: readonly Resource[]): Schedule[] {
  return ofType<ScheduleProperties>(resources, 'AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(scheduleOf);
}

function moreThanHourly(schedule: Schedule, from: number): boolean {
  const first = schedule.next(from);
  const second = first === undefined ? undefined : schedule.next(first);
  return first !== undefined && second !== undefined && second - first < HOUR_MS;
}

function occurrences(schedule: Schedule, from: number, now: number): number[] {
  const due: number[] = [];
  for (let at = schedule.next(from); at !== undefined && at <= now; at = schedule.next(at)) due.push(at);
  return due;
}

/** What came due in (from, now], in order of time; what strikes more often than hourly once, at the end. */
export function due(schedules: readonly Schedule[], from: number, now: number): Occurrence[] {
  const seldom: Occurrence[] = [];
  const often: Occurrence[] = [];
  for (const schedule of schedules) {
    if (moreThanHourly(schedule, from)) {
      const last = occurrences(schedule, Math.max(from, now - HOUR_MS), now).at(-1);
      if (last !== undefined) often.push({ schedule, dueAt: last });
    } else {
      seldom.push(...occurrences(schedule, from, now).map((dueAt) => ({ schedule, dueAt })));
    }
  }
  const inOrder = (one: Occurrence, other: Occurrence): number => one.dueAt - other.dueAt;
  return [...seldom.toSorted(inOrder), ...often.toSorted(inOrder)];
}

/** Scheduler's spelling of an instant: UTC, whole seconds. */
export function scheduledTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** What the function gets for an occurrence. */
export function eventOf({ schedule, dueAt }: Occurrence): unknown {
  return JSON.parse(schedule.input.replaceAll(SCHEDULED_TIME, scheduledTime(dueAt)));
}
