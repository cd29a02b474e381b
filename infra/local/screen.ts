import { relative } from 'node:path';
import type { Demo } from './demo.ts';
import type { Runtime } from './runtime.ts';
import type { Schedule } from './schedules.ts';

function localTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

/** When each schedule strikes next, the soonest first. */
export function nextDates(schedules: readonly Schedule[], now: number): string[] {
  const coming = schedules.flatMap((schedule) => {
    const at = schedule.next(now);
    return at === undefined ? [] : [{ schedule, at }];
  });
  return coming
    .toSorted((one, other) => one.at - other.at)
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
    ...(demo.firstOwnerSecret
      ? [['owner', [`${demo.firstOwnerSecret}  (POST /v1/staff/first-owner, once)`]] as [string, string[]]]
      : []),
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
    ['next', nextDates(runtime.schedules, runtime.now())],
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
