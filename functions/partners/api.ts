import { serve } from '../../shared/http/api.ts';
import { partnersContract } from '../../shared/partners/contract.ts';
import { MAX_ID, makeClient, tokenFor } from '../../shared/partners/partners.ts';
import { logger } from '../../shared/platform/logger.ts';

/** Client id and secret of HTTP Basic, each form-encoded within it (RFC 6749 §2.3.1). */
function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const [scheme, encoded] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const fields = new URLSearchParams(`id=${id}&secret=${secret}`);
  return { id: fields.get('id') ?? '', secret: fields.get('secret') ?? '' };
}

export const handler = serve(partnersContract, {
  makeClient: async ({ body, caller, route, key }) => {
    const { answer, replayed } = await makeClient(body, { caller: caller.id, route, key });
    return { body: answer, replayed };
  },

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
});
