import { setting } from '../platform/settings.ts';

/** A message by template. */
export interface Sms {
  /** E.164. */
  to: string;
  template: 'LOGIN_CODE';
  /** What fills the places of the template: a provider counts them in this order, or knows them by name. */
  params: Readonly<Record<'code' | 'minutes', string>>;
}

/** Sends one message, or refuses; what the provider said goes to the log, without the number. */
export type SendSms = (message: Sms) => Promise<void>;

/** Each is loaded where the stage has chosen it, and nowhere else. */
const providers: Record<string, () => Promise<SendSms>> = {
  tencent: async () => (await import('./tencent-sms.ts')).sendByTencent,
  aliyun: async () => (await import('./aliyun-sms.ts')).sendByAliyun,
};

/** Sends one message by the provider of the stage, or refuses with `auth.code_not_sent`. */
export async function sendSms(message: Sms): Promise<void> {
  const name = setting('SMS_PROVIDER');
  const load = providers[name];
  if (!load) throw new Error(`SMS_PROVIDER names nobody who sends messages: ${name}.`);
  const send = await load();
  await send(message);
}
