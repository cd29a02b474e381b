import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { addSecret, change, listClients, makeClient, readClient, removeSecret } from '../../shared/partners/clients.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { MAX_ID, tokenFor } from '../../shared/partners/partners.ts';
import { logger } from '../../shared/platform/logger.ts';

/** Client id and secret of HTTP Basic, each form-encoded within it (RFC 6749 §2.3.1). */
function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const [scheme, encoded] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const fields = new URLSearchParams(`id=${id}&secret=${secret}`);
  return { id: fields.get('id') ?? '', secret: fields.get('secret') ?? '' };
}

const CLIENTS = 'clients';

export const handler = serve(partnersContract, {
  token: async ({ body = {}, headers }) => {
    const basic = basicCredentials(headers.authorization);
    const clientId = basic?.id ?? body.client_id ?? '';
    const outcome = await tokenFor({
      grantType: body.grant_type,
      clientId,
      clientSecret: basic?.secret ?? body.client_secret ?? '',
      scope: body.scope,
    });
    if ('error' in outcome) {
      logger.info('refused', { code: outcome.error, who: clientId.slice(0, MAX_ID).replaceAll(/[^!-~]/g, '?') });
      if (outcome.error !== 'invalid_client') return { status: 400, body: { error: outcome.error } };
      const headers = { 'www-authenticate': 'Basic realm="points-mall"' };
      return { status: 401, headers, body: { error: outcome.error } };
    }
    const { accessToken, lifetimeSeconds, grants } = outcome;
    const scope = grants.join(' ');
    return { body: { access_token: accessToken, token_type: 'Bearer' as const, expires_in: lifetimeSeconds, scope } };
  },

  makeClient: async ({ body, caller, route, key }) => {
    const { answer, replayed } = await makeClient(body, caller, { caller: caller.id, route, key });
    return { body: answer, replayed };
  },

  listClients: async ({ query: { limit = 20, cursor } }) => {
    const before = cursor === undefined ? undefined : String((await readCursor(CLIENTS, cursor))[0]);
    const { items, next } = await listClients(before, limit);
    return { body: { items, nextCursor: next === undefined ? null : await writeCursor(CLIENTS, [next]) } };
  },

  readClient: async ({ params: { clientId } }) => ({ body: await readClient(clientId) }),

  changeClient: async ({ params: { clientId }, body, caller }) => ({ body: await change(clientId, body, caller) }),

  addSecret: async ({ params: { clientId }, caller, route, key }) => {
    const { answer, replayed } = await addSecret(clientId, caller, { caller: caller.id, route, key });
    return { body: answer, replayed };
  },

  removeSecret: async ({ params: { clientId, secretId }, caller }) => {
    await removeSecret(clientId, secretId, caller);
    return { body: null };
  },
});
