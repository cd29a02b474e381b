import { sms } from 'tencentcloud-sdk-nodejs-sms';
import * as z from 'zod';
import { Refusal } from '../errors.ts';
import { logger } from '../platform/logger.ts';
import { secret } from '../platform/secrets.ts';
import { setting } from '../platform/settings.ts';
import type { Message } from './sms-message.ts';

const credentials = z.object({ secretId: z.string().min(1), secretKey: z.string().min(1) });

const TIMEOUT_SECONDS = 5;

async function client() {
  const endpoint = new URL(setting('SMS_ENDPOINT'));
  const { secretId, secretKey } = credentials.parse(JSON.parse(await secret('SMS_SECRET')));
  return new sms.v20210111.Client({
    credential: { secretId, secretKey },
    region: 'ap-guangzhou',
    profile: {
      httpProfile: { endpoint: endpoint.host, protocol: `${endpoint.protocol}//`, reqTimeout: TIMEOUT_SECONDS },
    },
  });
}

/** Sends one message by Tencent Cloud SMS, or refuses. */
export async function sendByTencent({ to, templateId, params }: Message): Promise<void> {
  const request = {
    PhoneNumberSet: [to],
    SmsSdkAppId: setting('SMS_APP_ID'),
    SignName: setting('SMS_SIGN'),
    TemplateId: templateId,
    TemplateParamSet: Object.values(params),
  };
  const answer = await (await client()).SendSms(request).catch((error: Error & { code?: string }) => {
    logger.error('sms failed', { provider: 'tencent', code: error.code ?? error.name });
    throw new Refusal('auth.code_not_sent');
  });
  const status = answer.SendStatusSet?.[0];
  if (status?.Code === 'Ok') return;
  logger.error('sms refused', { provider: 'tencent', code: status?.Code });
  throw new Refusal('auth.code_not_sent');
}
