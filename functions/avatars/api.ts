import { serve } from '../../shared/http/api.ts';
import { openUpload, removeAvatar, setAvatar } from '../../shared/members/profiles/avatars.ts';
import { avatarsContract } from '../../shared/members/profiles/avatars-contract.ts';
import { iso } from '../../shared/platform/clock.ts';

export const handler = serve(avatarsContract, {
  upload: async ({ body: { contentType }, caller, route, key }) => {
    const { expiresAt, ...form } = await openUpload(caller.memberId, contentType, { caller: caller.id, route, key });
    return { body: { ...form, expiresAt: iso(expiresAt) } };
  },

  set: async ({ body: { uploadId }, caller: { memberId } }) => {
    await setAvatar(memberId, uploadId);
    return { body: null };
  },

  remove: async ({ caller: { memberId } }) => {
    await removeAvatar(memberId);
    return { body: null };
  },
});
