import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { calendar, type DateName } from '../../shared/calendar.ts';
import { type EventName, events } from '../../shared/events.ts';

/** What a file `functions/<room>/on-<name>.ts` is woken by. */
export type WakeUp = { entry: string } & (
  | { by: 'table' }
  | { by: 'event'; event: EventName | 'every' }
  | { by: 'date'; date: DateName }
);

function wakeUpOf(room: string, name: string): WakeUp {
  const entry = `${room}/on-${name}`;
  if (name === 'table-change') return { entry, by: 'table' };
  if (name === 'every-event') return { entry, by: 'event', event: 'every' };
  const event = (Object.keys(events) as EventName[]).find((known) => known.replaceAll(/[._]/g, '-') === name);
  if (event) return { entry, by: 'event', event };
  const date = (Object.keys(calendar) as DateName[]).find((known) => known === name);
  if (date) return { entry, by: 'date', date };
  throw new Error(
    `functions/${entry}.ts wakes on nothing: name it on-<event>.ts after an event of shared/events.ts (dots and underscores become dashes), on-every-event.ts, on-<date>.ts after a date of shared/calendar.ts, or on-table-change.ts.`,
  );
}

/** Every wake-up, found by the names of the files under `functions/`, in the order of their names. */
export function wakeUps(folder: string): WakeUp[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((room) => room.isDirectory())
    .flatMap((room) => readdirSync(join(folder, room.name)).map((file) => ({ room: room.name, file })))
    .flatMap(({ room, file }) => {
      const name = /^on-(.+)\.ts$/.exec(file)?.[1];
      if (name) return [wakeUpOf(room, name)];
      if (file === 'api.ts' || room === 'authorizer') return [];
      throw new Error(
        `functions/${room}/${file} wakes on nothing: name it api.ts (routes) or on-<event or date>.ts, or move it to shared/.`,
      );
    })
    .toSorted((one, other) => one.entry.localeCompare(other.entry));
}
