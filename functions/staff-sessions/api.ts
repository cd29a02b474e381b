import { Refusal } from '../../shared/errors.ts';
import { serve } from '../../shared/http/api.ts';
import type { CallerOf } from '../../shared/http/caller.ts';
import { iso } from '../../shared/platform/clock.ts';
import { changePassword, renewRecoveryCodes } from '../../shared/staff/credentials.ts';
import { accept, confirm, inviteFirstOwner } from '../../shared/staff/enrolment.ts';
import { logIn, logOut, logOutEverywhere, refresh } from '../../shared/staff/sessions.ts';
import { staffSessionsContract } from '../../shared/staff/sessions-contract.ts';

/** Who calls has logged in: a client has no session that could end. */
function personOf({ id, sessionId }: CallerOf<'staff'>) {
  if (sessionId === '') throw new Refusal('auth.forbidden', { needs: 'a person' });
  return { staffId: id.slice('person:'.length), sessionId };
}

export const handler = serve(staffSessionsContract, {
  firstOwner: async ({ body: { secret, userName } }) => {
    const { expiresAt, ...rest } = await inviteFirstOwner(secret, userName);
    return { body: { ...rest, expiresAt: iso(expiresAt) } };
  },

  accept: async ({ body: { invitation, password } }) => ({ body: await accept(invitation, password) }),

  confirm: async ({ body: { invitation, code } }) => ({ body: await confirm(invitation, code) }),

  logIn: async ({ body, address }) => ({ body: await logIn(body, address) }),

  refresh: async ({ body: { refreshToken } }) => ({ body: await refresh(refreshToken) }),

  logOut: async ({ caller }) => {
    const { staffId, sessionId } = personOf(caller);
    await logOut(staffId, sessionId);
    return { body: null };
  },

  changePassword: async ({ caller, address, body }) => {
    await changePassword({ ...personOf(caller), address }, body);
    return { body: null };
  },

  renewRecoveryCodes: async ({ caller, address, body, route, key }) => {
    const { answer, replayed } = await renewRecoveryCodes({ ...personOf(caller), address }, body, {
      caller: caller.id,
      route,
      key,
    });
    return { body: answer, replayed };
  },

  logOutEverywhere: async ({ caller }) => {
    await logOutEverywhere(personOf(caller).staffId);
    return { body: null };
  },
});
