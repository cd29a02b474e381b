import { serve } from '../../shared/http/api.ts';
import { readCursor, writeCursor } from '../../shared/http/cursor.ts';
import {
  addAddress,
  addressesOf,
  changeAddress,
  makeDefault,
  removeAddress,
} from '../../shared/members/profiles/addresses.ts';
import { answerConsent } from '../../shared/members/profiles/consent-answers.ts';
import { consentsOf } from '../../shared/members/profiles/consents.ts';
import { profilesContract } from '../../shared/members/profiles/contract.ts';
import { prefer, preferencesOf } from '../../shared/members/profiles/preferences.ts';
import { changeProfile, profileOf } from '../../shared/members/profiles/profile.ts';
import { type Category, type Preferences, switchName } from '../../shared/members/profiles/rules.ts';
import { iso } from '../../shared/platform/clock.ts';

function profileView({ avatar, ...profile }: Awaited<ReturnType<typeof profileOf>>) {
  return { ...profile, avatar: avatar && { url: avatar.url, expiresAt: iso(avatar.expiresAt) } };
}

function preferencesView({ interests, channels, quietHours, language, changedAt }: Preferences) {
  const since = (name: string) => (changedAt[name] === undefined ? null : iso(changedAt[name]));
  const ofCategory = (category: Category) => ({
    SMS: since(switchName(category, 'SMS')),
    WECHAT: since(switchName(category, 'WECHAT')),
    PUSH: since(switchName(category, 'PUSH')),
    EMAIL: since(switchName(category, 'EMAIL')),
  });
  return {
    interests: [...interests],
    channels,
    quietHours,
    language,
    changedAt: {
      interests: since('interests'),
      quietHours: since('quietHours'),
      language: since('language'),
      channels: {
        SERVICE: ofCategory('SERVICE'),
        LAPSE_NOTICES: ofCategory('LAPSE_NOTICES'),
        CAMPAIGNS: ofCategory('CAMPAIGNS'),
      },
    },
  };
}

export const handler = serve(profilesContract, {
  read: async ({ caller: { memberId } }) => ({ body: profileView(await profileOf(memberId)) }),

  change: async ({ body, caller: { memberId } }) => ({ body: profileView(await changeProfile(memberId, body)) }),

  preferences: async ({ caller: { memberId } }) => ({ body: preferencesView(await preferencesOf(memberId)) }),

  prefer: async ({ body, caller: { memberId } }) => {
    const interests = [...new Set(body.interests)];
    return { body: preferencesView(await prefer(memberId, { ...body, interests })) };
  },

  addresses: async ({ caller: { memberId } }) => ({ body: { items: await addressesOf(memberId) } }),

  addAddress: async ({ body, caller, route, key }) => {
    const { address, replayed } = await addAddress(caller.memberId, body, { caller: caller.id, route, key });
    return { body: address, replayed };
  },

  changeAddress: async ({ params: { addressId }, body, caller: { memberId } }) => ({
    body: await changeAddress(memberId, addressId, body),
  }),

  removeAddress: async ({ params: { addressId }, caller: { memberId } }) => {
    await removeAddress(memberId, addressId);
    return { body: null };
  },

  makeDefault: async ({ params: { addressId }, caller: { memberId } }) => ({
    body: { items: await makeDefault(memberId, addressId) },
  }),

  consents: async ({ query: { limit = 20, cursor }, caller: { memberId } }) => {
    const list = `consents:${memberId}`;
    const before = cursor === undefined ? undefined : String((await readCursor(list, cursor))[0]);
    const { current, answers, next } = await consentsOf(memberId, before, limit);
    return {
      body: {
        current: current.map(({ purpose, standing }) => ({
          purpose,
          granted: standing?.granted ?? false,
          version: standing?.version ?? null,
          at: standing ? iso(standing.at) : null,
        })),
        items: answers.map(({ purpose, version, granted, at }) => ({ purpose, version, granted, at: iso(at) })),
        nextCursor: next === undefined ? null : await writeCursor(list, [next]),
      },
    };
  },

  consent: async ({ body, caller, route, key }) => {
    const { answer, replayed } = await answerConsent(caller.memberId, body, { caller: caller.id, route, key });
    return { body: { ...answer, at: iso(answer.at) }, replayed };
  },
});
