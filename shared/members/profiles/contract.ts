import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import { addressId, day, instant, page, pageOf, shipTo } from '../../http/fields.ts';

/** At least one character that is seen, and none that hides, breaks the line or turns its direction. */
const nickname = z
  .string()
  .trim()
  .min(1)
  .max(24)
  .regex(
    /^(?=.*[\p{L}\p{N}\p{P}\p{S}])[^\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u061C\u115F\u1160\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0]*$/u,
  )
  .meta({ examples: ['小茶'] });

const birthday = z.iso
  .date()
  .refine((given) => given >= '1900-01-01', 'lies before 1900')
  .meta({ description: 'A day from 1900 on', examples: ['1990-05-04'] });

const gender = z.enum(['FEMALE', 'MALE', 'UNSPECIFIED']);

const region = z
  .string()
  .regex(/^([1-8]\d{3}00|[A-Z]{2}-[0-9A-Z]{1,3})$/)
  .meta({ description: 'A province or city by GB/T 2260, or ISO 3166-2; nothing finer', examples: ['330100'] });

const profile = z
  .object({
    nickname: z.string().nullable(),
    birthday: day.nullable(),
    gender: gender.nullable(),
    region: z.string().nullable(),
    birthdayChangeableFrom: day
      .nullable()
      .meta({ description: 'From when another birthday is taken; null while it can be set' }),
    avatar: z
      .object({ url: z.string(), expiresAt: instant })
      .nullable()
      .meta({ description: 'A link to the picture, good until then' }),
  })
  .meta({ id: 'Profile' });

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ examples: ['22:00'] });

const ofEachChannel = <T extends z.ZodType>(one: T) => ({ SMS: one, WECHAT: one, PUSH: one, EMAIL: one });
const ofEachCategory = <T extends z.ZodType>(one: T) => ({ SERVICE: one, LAPSE_NOTICES: one, CAMPAIGNS: one });

const switches = z.strictObject(ofEachChannel(z.boolean())).meta({ id: 'Channels' });
const interest = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/)
  .meta({ examples: ['tea'] });

const wishes = {
  interests: z.array(interest).max(20).meta({ description: 'Each counts once' }),
  channels: z.strictObject(ofEachCategory(switches)).meta({ description: 'By which channels of which one is told' }),
  quietHours: z.strictObject({ from: time, to: time }).nullable().meta({
    description: "By the programme's clocks; may pass midnight, and is the whole day where both are the same",
  }),
  language: z.enum(['zh-CN', 'en']),
};

const changedAt = instant.nullable().meta({ description: 'null: as it was given to everybody' });
const preferences = z
  .object({
    ...wishes,
    changedAt: z.object({
      interests: changedAt,
      quietHours: changedAt,
      language: changedAt,
      channels: z.object(ofEachCategory(z.object(ofEachChannel(changedAt)))),
    }),
  })
  .meta({ id: 'Preferences' });

const address = z
  .object({ addressId, recipient: z.string(), phone: z.string(), address: z.string(), isDefault: z.boolean() })
  .meta({ id: 'Address' });
const addresses = z.object({ items: z.array(address) });
const ofAddress = z.strictObject({ addressId });

const purpose = z.enum(['PRIVACY_POLICY', 'PROFILE', 'LOCATION', 'MARKETING', 'SUBSCRIBE_MESSAGES', 'STEPS']);
const textVersion = z
  .string()
  .regex(/^[0-9A-Za-z._-]{1,32}$/)
  .meta({ description: 'Of the text that was shown', examples: ['2026-11'] });
const answer = z.object({ purpose, version: z.string(), granted: z.boolean(), at: instant }).meta({ id: 'Consent' });

const current = z.array(
  z.object({
    purpose,
    granted: z.boolean(),
    version: z.string().nullable(),
    at: instant.nullable().meta({ description: 'null: never answered' }),
  }),
);

export const profilesContract = contract(
  'profiles',
  { zh: '会员资料、偏好、地址与授权', en: 'Profile, preferences, addresses and consents of a member' },
  {
    read: {
      method: 'GET',
      path: '/v1/me/profile',
      auth: 'member',
      summary: { zh: '我的个人资料', en: 'My profile' },
      status: 200,
      response: profile,
      refusals: [],
    },
    change: {
      method: 'PATCH',
      path: '/v1/me/profile',
      auth: 'member',
      summary: {
        zh: '修改个人资料；null 表示清除，生日一年内只能修改一次',
        en: 'Change my profile: null clears a field, and the birthday is changed once a year',
      },
      body: z
        .strictObject({
          nickname: nickname.nullable().optional(),
          birthday: birthday.nullable().optional(),
          gender: gender.nullable().optional(),
          region: region.nullable().optional(),
        })
        .meta({ id: 'ProfileChange', description: 'Birthday, gender and region need the consent PROFILE' }),
      status: 200,
      response: profile,
      refusals: [
        'members.consent_missing',
        'members.birthday_set',
        'members.birthday_in_future',
        'members.erased',
        'members.merged',
      ],
    },
    preferences: {
      method: 'GET',
      path: '/v1/me/preferences',
      auth: 'member',
      summary: { zh: '我的偏好', en: 'My preferences' },
      status: 200,
      response: preferences,
      refusals: [],
    },
    prefer: {
      method: 'PUT',
      path: '/v1/me/preferences',
      auth: 'member',
      summary: {
        zh: '设置兴趣、通知渠道、免打扰时段与语言',
        en: 'Set interests, channels, quiet hours and language; campaigns need the consent MARKETING',
      },
      body: z.strictObject(wishes).meta({ id: 'Wishes' }),
      status: 200,
      response: preferences,
      refusals: ['members.consent_missing', 'members.erased', 'members.merged'],
    },
    addresses: {
      method: 'GET',
      path: '/v1/me/addresses',
      auth: 'member',
      summary: { zh: '我的地址簿', en: 'My addresses, in the order in which they were added' },
      status: 200,
      response: addresses,
      refusals: [],
    },
    addAddress: {
      method: 'POST',
      path: '/v1/me/addresses',
      auth: 'member',
      summary: { zh: '添加地址，最多 20 个', en: 'Add an address, 20 at most; the first one is the default' },
      key: true,
      body: shipTo,
      status: 201,
      response: address,
      refusals: [
        'members.addresses_full',
        'members.address_not_found',
        'members.erased',
        'members.merged',
        'request.key_reused',
      ],
    },
    changeAddress: {
      method: 'PUT',
      path: '/v1/me/addresses/{addressId}',
      auth: 'member',
      summary: { zh: '修改地址', en: 'Change an address' },
      params: ofAddress,
      body: shipTo,
      status: 200,
      response: address,
      refusals: ['members.address_not_found', 'members.erased', 'members.merged'],
    },
    removeAddress: {
      method: 'DELETE',
      path: '/v1/me/addresses/{addressId}',
      auth: 'member',
      summary: { zh: '删除地址', en: 'Take an address away; another one becomes the default' },
      params: ofAddress,
      status: 204,
      response: z.null(),
      refusals: ['members.address_not_found', 'members.erased', 'members.merged'],
    },
    makeDefault: {
      method: 'PUT',
      path: '/v1/me/addresses/{addressId}/default',
      auth: 'member',
      summary: { zh: '设为默认地址', en: 'Make an address the default' },
      params: ofAddress,
      status: 200,
      response: addresses,
      refusals: ['members.address_not_found', 'members.erased', 'members.merged'],
    },
    consents: {
      method: 'GET',
      path: '/v1/me/consents',
      auth: 'member',
      summary: { zh: '我的授权与历史', en: 'What I have agreed to, and every answer I gave, newest first' },
      query: z.strictObject(page),
      status: 200,
      response: z.object({ current, ...pageOf(answer).shape }),
      refusals: ['request.cursor_invalid'],
    },
    consent: {
      method: 'POST',
      path: '/v1/me/consents',
      auth: 'member',
      summary: {
        zh: '同意或撤回一项授权；撤回 PROFILE 会清除生日、性别与地区',
        en: 'Agree to a purpose, or no longer: without PROFILE birthday, gender and region go, without MARKETING campaigns',
      },
      key: true,
      body: z.strictObject({ purpose, version: textVersion, granted: z.boolean() }).meta({ id: 'NewConsent' }),
      status: 200,
      response: answer,
      refusals: ['members.consents_too_many', 'members.erased', 'members.merged', 'request.key_reused'],
    },
  },
);
