/** A table action, as IAM names it. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

/** What one function may do and is told; what it does not name here, it does not get. */
export interface Need {
  table?: readonly TableAction[];
  /**
   * `keys` derives ids and digests, `sms` logs in to the SMS provider, `providers` asks who somebody is, `firstStaff`
   * lets in who makes the first client.
   */
  secrets?: readonly ('keys' | 'sms' | 'providers' | 'firstStaff')[];
  /** Seals or opens personal fields, or signs tokens: it makes and unwraps data keys by KMS. */
  seals?: true;
  /** `show` gives out links to pictures of members, `keep` also takes them in, checks and deletes them, `erase` only deletes
   * them and exports, `export` makes and shows exports as well, `move` gives a picture to another member. */
  pictures?: 'show' | 'keep' | 'export' | 'erase' | 'move';
  /** May put events on the bus. */
  announces?: true;
  /** May add objects to the archive. */
  archives?: true;
  timeoutSeconds?: number;
  /** So many executions at once are this function's alone, in a stage that keeps places; it never has more. */
  places?: number;
  /** Files that lie beside the bundle: path from the repository's root. */
  files?: readonly string[];
}

/** Every function by its entry under `functions/`: least privilege on one page. */
export const functionNeeds: Record<string, Need> = {
  'members/api': { table: ['GetItem', 'UpdateItem'], secrets: ['keys'], seals: true },
  'auth/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
  },
  'identities/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys', 'providers'],
    seals: true,
  },
  'profiles/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
    pictures: 'show',
  },
  'avatars/api': {
    table: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    pictures: 'keep',
  },
  'login-codes/api': { table: ['GetItem', 'PutItem', 'UpdateItem'], secrets: ['keys', 'sms'], seals: true },
  'auth/on-member-identity-changed': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    secrets: ['keys', 'sms'],
    seals: true,
    timeoutSeconds: 20,
  },
  'staff/api': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], secrets: ['keys'], seals: true },
  'staff-sessions/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    secrets: ['keys'],
    seals: true,
    files: ['shared/staff/common-passwords.bin'],
  },
  'approvals/api': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
    pictures: 'erase',
    timeoutSeconds: 29,
  },
  'partners/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    secrets: ['keys', 'firstStaff'],
    seals: true,
  },
  'webhooks/api': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], secrets: ['keys'], seals: true },
  'webhooks/on-every-event': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], seals: true, timeoutSeconds: 60 },
  'webhooks/on-webhook-retries': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    seals: true,
    timeoutSeconds: 280,
  },
  'programme/api': { table: ['GetItem', 'Query', 'PutItem'], secrets: ['keys'] },
  'catalog/api': { table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], secrets: ['keys'] },
  'points/api': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    secrets: ['keys'],
    seals: true,
  },
  'holds/api': {
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
  },
  'uploads/api': { table: ['GetItem', 'Query', 'PutItem'], secrets: ['keys'], seals: true, timeoutSeconds: 29 },
  'points-staff/api': { table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], secrets: ['keys'] },
  'earning/api': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], secrets: ['keys'], seals: true },
  'orders/api': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
  },
  'privacy/api': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
    pictures: 'export',
    timeoutSeconds: 29,
  },
  'orders/on-member-merged': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
    pictures: 'move',
    timeoutSeconds: 280,
  },
  'privacy/on-member-erased': {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    secrets: ['keys'],
    seals: true,
    pictures: 'erase',
    timeoutSeconds: 280,
  },
  'front-door/api': {
    files: ['node_modules/swagger-ui-dist/swagger-ui.css', 'node_modules/swagger-ui-dist/swagger-ui-bundle.js'],
  },
  'authorizer/clients': { table: ['Query'], timeoutSeconds: 5, places: 200 },
  'authorizer/staff': { table: ['Query'], timeoutSeconds: 5, places: 50 },
  'authorizer/on-key-rotation': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], seals: true },
  'announcer/on-table-change': { announces: true, timeoutSeconds: 60 },
  'archive/on-table-change': { archives: true, timeoutSeconds: 60 },
  'points/on-points-lot-opened': { table: ['GetItem', 'Query', 'PutItem'], timeoutSeconds: 60 },
  'points/on-day-end': { table: ['GetItem', 'Query', 'PutItem'], timeoutSeconds: 900 },
  'points/on-hold-sweep': { table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], timeoutSeconds: 280 },
};

/** The needs of one entry; a function without a row here does not synthesize. */
export function needsOf(entry: string): Need {
  const need = functionNeeds[entry];
  if (!need) {
    throw new Error(
      `functions/${entry}.ts has no row in infra/constructs/function-needs.ts: add one that names the table actions and secrets it uses.`,
    );
  }
  return need;
}

/** What lies beside a function's bundle; one that answers requests has the words in which it refuses them. */
export function filesBeside(entry: string): readonly string[] {
  const { files = [] } = needsOf(entry);
  return entry.endsWith('/api') ? ['shared/error-titles.json', ...files] : files;
}
