import { Refusal } from '../errors.ts';
import { secretDigest } from '../platform/digest.ts';
import { type By, idUnderKey, requestDigest } from '../platform/ids.ts';
import { hmac, secret } from '../platform/secrets.ts';
import { record } from '../staff/staff.ts';
import { type Basis, exchange, type Outcome } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { FIRST_STAFF, unknownGrants } from './rules.ts';
import { addClient, type Client, findClient, useUp } from './store.ts';

/** For so long a container goes by the first secret that it read, where what it is given does not fit it. */
const FIRST_SECRET_MS = 60_000;

/** A caller of staff, as their token names the client. */
const FIRST_CALLER = `client:${FIRST_STAFF}`;

/** Undefined where whoever filled the secret in has left this part out: then there is no first client. */
async function firstSecretDigest(maxAgeMs: number): Promise<string | undefined> {
  const { clientSecret } = JSON.parse(await secret('FIRST_STAFF_SECRET', maxAgeMs)) as { clientSecret?: string };
  return clientSecret ? secretDigest(clientSecret) : undefined;
}

/**
 * The client of the deployment's own secret, until it has been used. Strangers who guess make a container read the
 * secret once a minute; only who knows it makes it be read anew, so that one that was replaced opens nothing.
 */
export async function firstStaff(given: string): Promise<Client | undefined> {
  let digest = await firstSecretDigest(FIRST_SECRET_MS);
  if (digest === secretDigest(given)) digest = await firstSecretDigest(0);
  const used = await findClient(FIRST_STAFF);
  if (digest === undefined || used?.secretDigest === digest) return undefined;
  return {
    clientId: FIRST_STAFF,
    kind: 'staff',
    name: 'The first staff client',
    secretDigest: digest,
    grants: ['clients.write'],
    createdAt: 0,
  };
}

/** The write that uses up the first secret; a token that was made with one that is used up is worth nothing. */
async function usingUp({ at }: Basis): Promise<Write> {
  const digest = await firstSecretDigest(0);
  const used = await findClient(FIRST_STAFF);
  if (digest === undefined || used?.secretDigest === digest) throw new Refusal('auth.token_invalid');
  return useUp(digest, used, at);
}

export type Wish = Pick<Client, 'kind' | 'name' | 'grants'>;

function view({ clientId, kind, name, grants }: Client, clientSecret: string) {
  return { clientId, clientSecret, kind, name, grants: [...grants] };
}

/**
 * Makes a client for whoever may. Its secret hangs on the key of the request, so that an answer that was lost can be
 * asked for again, by the same caller under the same key; it is kept as a digest alone.
 */
export async function makeClient(wish: Wish, by: By): Promise<Outcome<ReturnType<typeof view>>> {
  const unknown = unknownGrants(wish.kind, wish.grants);
  if (unknown.length > 0) throw new Refusal('partners.grants_unknown', { unknown });
  const { kind, name } = wish;
  const grants = [...new Set(wish.grants)];
  const clientId = await idUnderKey('cli', by.caller, by.route, by.key);
  const request = await requestDigest(wish);
  const clientSecret = Buffer.from(await hmac('client', JSON.stringify([by.caller, by.route, by.key]))).toString(
    'base64url',
  );
  const decide = async (basis: Basis) => {
    const client = {
      clientId,
      kind,
      name,
      secretDigest: secretDigest(clientSecret),
      grants,
      createdAt: basis.at,
      request,
    };
    const once = by.caller === FIRST_CALLER ? [await usingUp(basis)] : [];
    const after = { kind, name, grants };
    const told = await record({ clientId: by.caller, act: 'partners.makeClient', subject: clientId, after }, basis);
    return { writes: [addClient(client), ...once, told], answer: view(client, clientSecret) };
  };
  return exchange(decide, async () => {
    const made = await findClient(clientId);
    if (made && made.request !== request) throw new Refusal('request.key_reused');
    return made && view(made, clientSecret);
  });
}
