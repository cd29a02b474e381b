import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { PERMISSIONS, SCOPES, unknownGrants } from '../shared/partners/rules.ts';
import { accessOf } from './tools/access.ts';
import { openApi } from './tools/api.ts';
import { messageOf, Stop } from './tools/stop.ts';

const USAGE = `npm run client -- --kind partner|staff --name NAME --grants "GRANT …" [--requests-per-minute N] [--api URL] [--data .local]
  for a partner: ${SCOPES.join(' ')}
  for staff:     ${PERMISSIONS.join(' ')} (or all)
A partner has 600 requests a minute when nothing is said; history wants more.
As whom: STAFF_ID and STAFF_SECRET, or the local run's staff; whoever it is needs partners.manage. The secret is printed this once.`;

function readWish() {
  const text = { type: 'string' } as const;
  const options = {
    kind: text,
    name: text,
    grants: text,
    'requests-per-minute': text,
    api: text,
    data: { ...text, default: '.local' },
  } as const;
  const { kind, name, grants = '', 'requests-per-minute': rate, api, data } = parseArgs({ options }).values;
  if (kind !== 'partner' && kind !== 'staff') throw new Stop('--kind is partner or staff.');
  if (!name) throw new Stop('--name is needed.');
  const all: readonly string[] = kind === 'partner' ? SCOPES : PERMISSIONS;
  const wanted = grants === 'all' ? all : grants.split(' ').filter(Boolean);
  if (wanted.length === 0) throw new Stop('--grants names what the client may do.');
  const unknown = unknownGrants(kind, wanted);
  if (unknown.length > 0) throw new Stop(`A ${kind} client has no ${unknown.join(', ')}: there are ${all.join(' ')}.`);
  if (rate !== undefined && !/^\d{1,6}$/.test(rate)) throw new Stop('--requests-per-minute is a whole number.');
  const pace = rate === undefined ? {} : { requestsPerMinute: Number(rate) };
  return { body: { kind, name, grants: wanted, ...pace }, access: accessOf('staff', { api, data }, process.env) };
}

/** Makes an OAuth2 client through the API and prints its secret, this once. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const { body, access } = readWish();
  const answer = await openApi(access).call('POST', '/v1/clients', { key: randomUUID(), body });
  if (answer.status !== 201) throw new Stop(`The API answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  console.log(JSON.stringify(answer.body, null, 2));
}

try {
  await main();
} catch (thrown) {
  console.error(thrown instanceof Stop ? thrown.message : `${messageOf(thrown)}\n${USAGE}`);
  process.exit(1);
}
