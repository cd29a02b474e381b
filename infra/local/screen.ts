import { relative } from 'node:path';
import type { Demo } from './demo.ts';
import type { Runtime } from './runtime.ts';
import type { Schedule } from './schedules.ts';

function localTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

const SHOWN = 3;

/** When a schedule strikes next, as often as the screen has room for. */
function occurrences(schedule: Schedule, from: number): { schedule: Schedule; at: number }[] {
  const found: { schedule: Schedule; at: number }[] = [];
  for (let at = schedule.next(from); at !== undefined && found.length < SHOWN; at = schedule.next(at)) {
    found.push({ schedule, at });
  }
  return found;
}

function next({ schedules, now }: Runtime): string[] {
  const coming = schedules.flatMap((schedule) => occurrences(schedule, now()));
  return coming
    .toSorted((one, other) => one.at - other.at)
    .slice(0, SHOWN)
    .map(({ schedule, at }) => `${localTime(at, schedule.timeZone)} ${schedule.timeZone}  ${schedule.says}`);
}

function logins(demo: Demo | undefined): [string, string[]][] {
  if (!demo) return [];
  const client = ({ clientId, clientSecret, scope }: Demo['till']) => [
    `${clientId}  ${clientSecret}`,
    `scope ${scope}`,
  ];
  return [
    ['member', [`${demo.memberPhone}  (the code arrives in the inbox)`]],
    ['till', client(demo.till)],
    ['staff', client(demo.staff)],
    ...(demo.importer ? [['importer', client(demo.importer)] as [string, string[]]] : []),
  ];
}

/** The one screen that a person sees when everything runs. */
export function screen(runtime: Runtime, demo: Demo | undefined, external: boolean): string {
  const { api, folder, dynamodb } = runtime;
  const data = relative('', folder.path) || '.';
  const port = new URL(dynamodb).port;
  const rows: [string, string[]][] = [
    ['API', [api]],
    ['reference', [`${api}/docs`]],
    ['inbox', [`${api}/local/inbox`]],
    ['clock', [`${api}/local/clock  (${new Date(runtime.now()).toISOString()})`]],
    ...logins(demo),
    ['next', next(runtime)],
    ['state', [`${data}/  (logs in ${data}/logs/; a shell reads the logins by: . ${data}/demo.env)`]],
    [
      'DynamoDB',
      [
        external
          ? dynamodb
          : `${dynamodb}  (Amazon’s emulator listens on every interface of this machine, port ${port}; it cannot be told otherwise)`,
      ],
    ],
  ];
  const lines = rows.flatMap(([title, texts]) =>
    texts.map((text, index) => `  ${(index === 0 ? title : '').padEnd(11)}${text}`),
  );
  return ['', 'Points Mall runs on this machine.', '', ...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}
