import { authContract } from '../../shared/auth/contract.ts';
import { logIn, logOut, refresh } from '../../shared/auth/sessions.ts';
import { serve } from '../../shared/http/api.ts';

export const handler = serve(authContract, {
  logIn: async ({ body: { phone, code } }) => ({ body: await logIn(phone, code) }),

  refresh: async ({ body: { refreshToken } }) => ({ body: await refresh(refreshToken) }),

  logOut: async ({ caller: { memberId, sessionId } }) => {
    await logOut(memberId, sessionId);
    return { body: null };
  },
});
