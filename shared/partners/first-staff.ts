import { Refusal } from '../errors.ts';
import { secretDigest } from '../platform/digest.ts';
import { secret } from '../platform/secrets.ts';
import type { Basis } from '../table/commit.ts';
import type { Write } from '../table/writes.ts';
import { FIRST_STAFF } from './rules.ts';
import { type Client, findFirstStaff, useUp } from './store.ts';

/** For so long a container goes by the first secret that it read, where what it is given does not fit it. */
const FIRST_SECRET_MS = 60_000;

/** A caller of staff, as their token names the client. */
export const FIRST_CALLER = `client:${FIRST_STAFF}`;

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
  const used = await findFirstStaff();
  if (digest === undefined || used?.digest === digest) return undefined;
  return {
    clientId: FIRST_STAFF,
    kind: 'staff',
    name: 'The first staff client',
    grants: ['partners.manage'],
    status: 'ENABLED',
    requestsPerMinute: 0,
    secrets: [{ secretId: FIRST_STAFF, digest, createdAt: 0 }],
    gone: [],
    createdAt: 0,
    version: 0,
  };
}

/** The write that uses up the first secret; a token that was made with one that is used up is worth nothing. */
export async function usingUp({ at }: Basis): Promise<Write> {
  const digest = await firstSecretDigest(0);
  const used = await findFirstStaff();
  if (digest === undefined || used?.digest === digest) throw new Refusal('auth.token_invalid');
  return useUp(digest, used, at);
}
