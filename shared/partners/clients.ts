import { Refusal } from '../errors.ts';
import { iso } from '../platform/clock.ts';
import { digest, secretDigest } from '../platform/digest.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
import { hmac } from '../platform/secrets.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { FIRST_CALLER, usingUp } from './first-staff.ts';
import { makerOf } from './partners.ts';
import { MAX_SECRETS, REQUESTS_PER_MINUTE, unknownGrants } from './rules.ts';
import { addClient, type Client, type ClientSecret, changeClient, clientsBefore, findClient } from './store.ts';

/** So many removed secrets are remembered. */
const GONE = 20;

/** Who manages clients: staff, and what they may themselves. */
export interface Manager {
  id: string;
  grants: readonly string[];
}

/** A client as staff see it. */
export function view({ clientId, kind, name, grants, status, requestsPerMinute, secrets, createdAt }: Client) {
  const named = secrets.map((one) => ({ secretId: one.secretId, createdAt: iso(one.createdAt) }));
  return {
    clientId,
    kind,
    name,
    grants: [...grants],
    status,
    requestsPerMinute,
    secrets: named,
    createdAt: iso(createdAt),
  };
}

/** What a record says of a client. */
const told = ({ kind, name, grants, status, requestsPerMinute, secrets }: Client) => ({
  kind,
  name,
  grants,
  status,
  requestsPerMinute,
  secrets: secrets.map(({ secretId }) => secretId),
});

/**
 * Refuses grants that this kind cannot have, and staff who would give a client, and so themselves, a permission that
 * they do not have.
 */
function checkGrants({ kind, grants }: Pick<Client, 'kind' | 'grants'>, manager: Manager): void {
  const unknown = unknownGrants(kind, grants);
  if (unknown.length > 0) throw new Refusal('partners.grants_unknown', { unknown });
  // Who comes first has nothing, and makes the one who may everything.
  if (manager.id === FIRST_CALLER) return;
  const beyond = kind === 'staff' ? grants.find((grant) => !manager.grants.includes(grant)) : undefined;
  if (beyond !== undefined) throw new Refusal('auth.forbidden', { needs: beyond });
}

async function clientOf(clientId: string, reading: Basis['reading']): Promise<Client> {
  const found = await findClient(clientId, reading);
  if (!found) throw new Refusal('partners.client_not_found');
  return found;
}

/**
 * A secret hangs on the key of the request, so that an answer that was lost can be asked for again, by the same caller
 * under the same key; it is kept as a digest alone.
 */
async function secretUnder({ caller, route, key }: By): Promise<{ secretId: string; clientSecret: string }> {
  const secretId = await idUnderKey('csc', caller, route, key);
  const bytes = await hmac('client', JSON.stringify([caller, route, key]));
  return { secretId, clientSecret: Buffer.from(bytes).toString('base64url') };
}

export type Wish = Pick<Client, 'kind' | 'name' | 'grants'> & { requestsPerMinute?: number | undefined };

/** Makes a client, with its first secret. */
export async function makeClient(wish: Wish, manager: Manager, by: By) {
  const grants = [...new Set(wish.grants)];
  checkGrants({ kind: wish.kind, grants }, manager);
  const clientId = await idUnderKey('cli', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  const { secretId, clientSecret } = await secretUnder(by);
  const shown = (client: Client) => ({ ...view(client), secretId, clientSecret });
  return exchange(
    async (basis) => {
      const { kind, name, requestsPerMinute = REQUESTS_PER_MINUTE } = wish;
      const client: Client = {
        clientId,
        kind,
        name,
        grants,
        status: 'ENABLED',
        requestsPerMinute,
        secrets: [{ secretId, digest: secretDigest(clientSecret), createdAt: basis.at }],
        gone: [],
        createdAt: basis.at,
        version: 1,
        request,
        madeBy: await makerOf(by.caller),
      };
      const act = { clientId: by.caller, act: 'partners.makeClient', subject: clientId, after: told(client) };
      const once = by.caller === FIRST_CALLER ? [await usingUp(basis)] : [];
      return { writes: [addClient(client), ...once, await record(act, basis)], answer: shown(client) };
    },
    async () => {
      const made = await findClient(clientId);
      if (made && made.request !== request) throw new Refusal('request.key_reused');
      return made && shown(made);
    },
  );
}

export async function readClient(clientId: string) {
  return view(await clientOf(clientId, 'consistent'));
}

/** The write that lets one of many who act on a client at once come first; the others decide again. */
export async function serially(clientId: string, { reading }: Basis): Promise<Write> {
  return changeClient(await clientOf(clientId, reading), {});
}

/** A page of all clients, the newest first, and where the next one begins. */
export async function listClients(before: string | undefined, limit: number) {
  const found = await clientsBefore(before, limit + 1);
  const page = found.slice(0, limit);
  return { items: page.map((one) => view(one)), next: found.length > limit ? page.at(-1)?.gsi1sk : undefined };
}

type Changed = Partial<Pick<Client, 'name' | 'grants' | 'status' | 'requestsPerMinute' | 'secrets' | 'gone'>>;

/** The two writes that change a client and record it. */
async function changing(act: string, client: Client, set: Changed, manager: Manager, basis: Basis) {
  const next = { ...client, ...set };
  if (next.status === 'ENABLED' && next.secrets.length === 0) throw new Refusal('partners.secret_last');
  const { clientId: subject } = client;
  const deed = { clientId: manager.id, act, subject, before: told(client), after: told(next) };
  return { next, writes: [changeClient(client, set), await record(deed, basis)] };
}

export interface Change {
  name?: string | undefined;
  grants?: readonly string[] | undefined;
  status?: Client['status'] | undefined;
  requestsPerMinute?: number | undefined;
}

/** Changes what is said; what is so already is left alone. Only to close it needs nobody a client's own permissions. */
export async function change(clientId: string, wish: Change, manager: Manager) {
  const { answer } = await exchange(async (basis) => {
    // Where nothing is written, nothing guards what was read.
    const client = await clientOf(clientId, 'consistent');
    const { name = client.name, status = client.status, requestsPerMinute = client.requestsPerMinute } = wish;
    const grants = [...new Set(wish.grants ?? client.grants)];
    const set = { name, grants, status, requestsPerMinute };
    const opens = wish.grants !== undefined || (status === 'ENABLED' && client.status === 'DISABLED');
    if (opens) checkGrants({ kind: client.kind, grants }, manager);
    if (digest(told({ ...client, ...set })) === digest(told(client))) return { writes: [], answer: view(client) };
    const { next, writes } = await changing('partners.changeClient', client, set, manager, basis);
    return { writes, answer: view(next) };
  });
  return answer;
}

/** Gives a client its next secret beside the one in use; whoever has it can do what the client can. */
export async function addSecret(clientId: string, manager: Manager, by: By): Promise<Outcome<NewSecret>> {
  const { secretId, clientSecret } = await secretUnder({ ...by, route: `${by.route} ${clientId}` });
  const shown = ({ createdAt }: ClientSecret) => ({ secretId, clientSecret, createdAt: iso(createdAt) });
  return exchange(async (basis) => {
    const client = await clientOf(clientId, basis.reading);
    const made = client.secrets.find((one) => one.secretId === secretId);
    if (made) return { writes: [], answer: shown(made), replayed: true };
    if (client.gone.includes(secretId)) throw new Refusal('partners.secret_not_found');
    checkGrants(client, manager);
    if (client.secrets.length >= MAX_SECRETS) throw new Refusal('partners.secrets_full');
    const added = { secretId, digest: secretDigest(clientSecret), createdAt: basis.at };
    const set = { secrets: [...client.secrets, added] };
    const { writes } = await changing('partners.addSecret', client, set, manager, basis);
    return { writes, answer: shown(added) };
  });
}

interface NewSecret {
  secretId: string;
  clientSecret: string;
  createdAt: string;
}

/** Takes a secret away: it opens nothing from then on. To say it again changes nothing. */
export async function removeSecret(clientId: string, secretId: string, manager: Manager): Promise<void> {
  await exchange(async (basis) => {
    const client = await clientOf(clientId, basis.reading);
    if (client.gone.includes(secretId)) return { writes: [], answer: null };
    const secrets = client.secrets.filter((one) => one.secretId !== secretId);
    if (secrets.length === client.secrets.length) throw new Refusal('partners.secret_not_found');
    const set = { secrets, gone: [...client.gone, secretId].slice(-GONE) };
    const { writes } = await changing('partners.removeSecret', client, set, manager, basis);
    return { writes, answer: null };
  });
}
