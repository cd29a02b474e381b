import { setting } from '../platform/settings.ts';
import type { SendSms } from './sms-message.ts';

/** What fills the places of each template: a provider counts them in this order, or knows them by name. */
interface Templates {
  LOGIN_CODE: { code: string; minutes: string };
  IDENTITY_CHANGED: { time: string };
}

/** A message by template, to a number in E.164. */
export type Sms = {
  [Name in keyof Templates]: { to: string; template: Name; params: Templates[Name] };
}[keyof Templates];

/** Under which id the stage's provider knows a template. */
const TEMPLATES = { LOGIN_CODE: 'SMS_LOGIN_TEMPLATE', IDENTITY_CHANGED: 'SMS_CHANGE_TEMPLATE' } as const;

/** Each is loaded where the stage has chosen it, and nowhere else. */
const providers: Record<string, () => Promise<SendSms>> = {
  tencent: async () => (await import('./tencent-sms.ts')).sendByTencent,
  aliyun: async () => (await import('./aliyun-sms.ts')).sendByAliyun,
};

/** Sends one message by the provider of the stage, or refuses with `auth.code_not_sent`. */
export async function sendSms({ to, template, params }: Sms): Promise<void> {
  const name = setting('SMS_PROVIDER');
  const load = providers[name];
  if (!load) throw new Error(`SMS_PROVIDER names nobody who sends messages: ${name}.`);
  const send = await load();
  await send({ to, templateId: setting(TEMPLATES[template]), params: { ...params } });
}
