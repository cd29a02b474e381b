import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createClient } from '../shared/partners/partners.ts';
import { type Grant, PERMISSIONS, SCOPES } from '../shared/partners/rules.ts';

const USAGE = `npm run client -- --table TABLE --kind partner|staff --name NAME --grants "GRANT …"
  for a partner: ${SCOPES.join(' ')}
  for staff:     ${PERMISSIONS.join(' ')}
AWS credentials and region are taken from the environment; AWS_ENDPOINT_URL_DYNAMODB names another DynamoDB.`;

function refuse(sentence: string): never {
  console.error(`${sentence}\n${USAGE}`);
  process.exit(1);
}

function readOptions() {
  const text = { type: 'string' } as const;
  const options = { table: text, kind: text, name: text, grants: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Makes an OAuth2 client in a table and prints its secret, this once. */
async function main(): Promise<void> {
  const { table, kind, name, grants = '', help } = readOptions();
  if (help) {
    console.log(USAGE);
    return;
  }
  if (!table || !name) refuse('--table and --name are needed.');
  if (kind !== 'partner' && kind !== 'staff') refuse('--kind is partner or staff.');
  const known: readonly string[] = kind === 'partner' ? SCOPES : PERMISSIONS;
  const wanted = grants.split(' ').filter(Boolean);
  const unknown = wanted.filter((grant) => !known.includes(grant));
  if (wanted.length === 0) refuse('--grants names what the client may do.');
  if (unknown.length > 0) refuse(`A ${kind} client cannot be granted ${unknown.join(', ')}.`);
  process.env.TABLE_NAME = table;
  const clientId = `${kind}-${randomUUID().slice(0, 8)}`;
  const { clientSecret } = await createClient({ clientId, kind, name, grants: wanted as Grant[] });
  console.log(JSON.stringify({ clientId, clientSecret, scope: wanted.join(' ') }, null, 2));
}

await main();
