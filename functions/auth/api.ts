import { authContract } from '../../shared/auth/contract.ts';
import { endOne, endOthers, logOut } from '../../shared/auth/endings.ts';
import { list } from '../../shared/auth/listing.ts';
import { registerPushToken, removePushToken } from '../../shared/auth/push-tokens/push-tokens.ts';
import { logIn, refresh } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import { keySet } from '../../shared/http/tokens.ts';
import { iso } from '../../shared/platform/clock.ts';

/** Seconds that others may go by the keys they have; a new key must be published for longer before it signs. */
const KEYS_MAX_AGE = 300;

export const handler = serve(authContract, {
  logIn: async ({ body, headers, address }) => ({
    body: await logIn(body, { userAgent: headers['user-agent'], address }),
  }),

  refresh: async ({ body: { refreshToken } }) => ({ body: await refresh(refreshToken) }),

  logOut: async ({ caller: { memberId, sessionId } }) => {
    await logOut(memberId, sessionId);
    return { body: null };
  },

  keys: async () => ({ body: await keySet(), headers: { 'cache-control': `public, max-age=${KEYS_MAX_AGE}` } }),

  sessions: async ({ caller: { memberId, sessionId }, query: { limit = 20, cursor } }) => {
    const name = `sessions:${memberId}`;
    const before = cursor === undefined ? undefined : String((await readCursor(name, cursor))[0]);
    const { items, next } = await list(memberId, before, limit);
    const shown = items.map((session) => ({
      ...session,
      current: session.sessionId === sessionId,
      createdAt: iso(session.createdAt),
      lastUsedAt: iso(session.lastUsedAt),
      push: session.push?.service ?? null,
    }));
    return { body: { items: shown, nextCursor: next === undefined ? null : await writeCursor(name, [next]) } };
  },

  endSession: async ({ caller, params }) => {
    await endOne(caller.memberId, params.sessionId, caller.sessionId);
    return { body: null };
  },

  endOtherSessions: async ({ caller: { memberId, sessionId } }) => {
    await endOthers(memberId, sessionId);
    return { body: null };
  },

  registerPushToken: async ({ caller: { memberId, sessionId }, body }) => {
    const { service, registeredAt } = await registerPushToken({ memberId, sessionId }, body);
    return { body: { service, registeredAt: iso(registeredAt) } };
  },

  removePushToken: async ({ caller: { memberId, sessionId } }) => {
    await removePushToken({ memberId, sessionId });
    return { body: null };
  },
});
