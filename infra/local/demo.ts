import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';

interface Client {
  clientId: string;
  clientSecret: string;
  scope: string;
}

/** Who may log in to the seeded mall. */
export interface Demo {
  memberPhone: string;
  till: Client;
  staff: Client;
  /** May report history; a mall that was seeded before there was one has none. */
  importer?: Client;
  /** Invites the first owner of the staff, once, and is dropped after; a mall that was seeded before there were any says none. */
  firstOwnerSecret?: string | undefined;
}

/** Fills an empty mall; `env` is what the functions have in theirs. */
export type Seed = (options: { api: string; env: Record<string, string> }) => Promise<Demo>;

function shell(api: string, { memberPhone, till, staff, importer, firstOwnerSecret }: Demo): string {
  const lines = {
    API: api,
    MEMBER_PHONE: memberPhone,
    TILL_ID: till.clientId,
    TILL_SECRET: till.clientSecret,
    STAFF_ID: staff.clientId,
    STAFF_SECRET: staff.clientSecret,
    ...(importer && { IMPORTER_ID: importer.clientId, IMPORTER_SECRET: importer.clientSecret }),
    ...(firstOwnerSecret && { FIRST_OWNER_SECRET: firstOwnerSecret }),
  };
  return Object.entries(lines)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
}

/** Keeps the logins for their owner alone: `demo.json`, and `demo.env` for a shell. */
export function writeDemo(data: string, api: string, demo: Demo): void {
  writeWhole(join(data, 'demo.json'), `${JSON.stringify({ ...demo, api }, null, 2)}\n`, 0o600);
  writeWhole(join(data, 'demo.env'), shell(api, demo), 0o600);
}

/** The logins that were kept in the folder, and where the API was. */
export function readDemo(data: string): (Demo & { api?: string }) | undefined {
  try {
    return JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as Demo & { api?: string };
  } catch {
    return undefined;
  }
}
