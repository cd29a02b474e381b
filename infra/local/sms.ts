import { randomUUID } from 'node:crypto';
import type { DataFolder } from './data-folder.ts';
import type { Request } from './http-event.ts';
import { parseAuthorization, signedBy } from './tc3-signature.ts';

interface SendSms {
  PhoneNumberSet?: string[];
  SmsSdkAppId?: string;
  SignName?: string;
  TemplateId?: string;
  TemplateParamSet?: string[];
  SessionContext?: string;
}

export interface SmsOptions {
  /** The SMS secret's value: what a request must be signed with. */
  secret: { secretId: string; secretKey: string };
  /** The approved templates by id, with `{1}` where a parameter goes. */
  templates: Record<string, string>;
  folder: DataFolder;
  now: () => number;
}

const KEPT = 200;
const MAX_SKEW_MS = 300_000;

/** What the templates say, by the ids that they are known by. */
export function smsTemplates(login: string, change: string): Record<string, string> {
  return {
    [login]: '您的验证码是{1}，5分钟内有效。 / Your code is {1}, valid for 5 minutes.',
    [change]:
      '您的账户于{1}变更了手机号或登录方式；更换手机号或解绑后，24小时内不能使用积分。如非本人操作，请立即联系客服。 / How you log in was changed at {1}; after a change of the phone, or unbinding, no points can be used for 24 hours. If it was not you, contact us at once.',
  };
}

function refusal(Code: string, Message: string): object {
  return { Response: { Error: { Code, Message }, RequestId: randomUUID() } };
}

function unauthorized(request: Request, { secret, now }: SmsOptions): object | undefined {
  const authorization = parseAuthorization(request.headers['authorization']);
  if (!authorization)
    return refusal('AuthFailure.InvalidAuthorization', 'The Authorization header is not TC3-HMAC-SHA256.');
  if (authorization.secretId !== secret.secretId)
    return refusal(
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found, please ensure that your SecretId is correct.',
    );
  const at = Number(request.headers['x-tc-timestamp']) * 1_000;
  if (!(Math.abs(at - now()) <= MAX_SKEW_MS))
    return refusal('AuthFailure.SignatureExpire', 'The provided signature expired.');
  if (signedBy(request, authorization, secret.secretKey)) return undefined;
  return refusal(
    'AuthFailure.SignatureFailure',
    'The provided credentials could not be validated. Please check your signature is correct.',
  );
}

/** A message as either provider was given it. */
interface Given {
  to: string;
  sign: string;
  template: string;
  params: string[];
}

/** Files what would be sent in the inbox. */
export function fileMessage({ to, sign, template, params }: Given, { templates, folder, now }: SmsOptions): void {
  const says = (templates[template] ?? '').replaceAll(
    /\{(\d+)\}/g,
    (_, index: string) => params[Number(index) - 1] ?? '',
  );
  const { inbox } = folder.state;
  inbox.push({ to, channel: 'sms', template, text: `【${sign}】${says}`, at: new Date(now()).toISOString(), params });
  inbox.splice(0, Math.max(0, inbox.length - KEPT));
  folder.save();
}

function statusOf(message: SendSms, phone: string, options: SmsOptions): object {
  const { TemplateId: template = '', SignName: sign = '', TemplateParamSet: params = [] } = message;
  const known = { PhoneNumber: phone, SessionContext: message.SessionContext ?? '' };
  if (!(template in options.templates)) {
    return {
      ...known,
      SerialNo: '',
      Fee: 0,
      Code: 'FailedOperation.TemplateIncorrectOrUnapproved',
      Message: 'Template is incorrect or unapproved',
      IsoCode: '',
    };
  }
  if (!/^\+\d{6,15}$/.test(phone)) {
    return {
      ...known,
      SerialNo: '',
      Fee: 0,
      Code: 'InvalidParameterValue.IncorrectPhoneNumber',
      Message: 'Incorrect phone number',
      IsoCode: '',
    };
  }
  fileMessage({ to: phone, sign, template, params }, options);
  return { ...known, SerialNo: `local:${randomUUID()}`, Fee: 1, Code: 'Ok', Message: 'send success', IsoCode: 'CN' };
}

/** Tencent Cloud's SMS API 3.0: checks the signature as Tencent does, and files what would be sent in the inbox. */
export function answerSms(request: Request, options: SmsOptions): object {
  const { headers } = request;
  if (headers['x-tc-action'] !== 'SendSms' || headers['x-tc-version'] !== '2021-01-11') {
    return refusal('InvalidAction', `The request action=${headers['x-tc-action'] ?? ''} is invalid.`);
  }
  const refused = unauthorized(request, options);
  if (refused) return refused;
  const message = JSON.parse(request.body.toString('utf8')) as SendSms;
  const phones = message.PhoneNumberSet ?? [];
  if (phones.length === 0 || !message.SmsSdkAppId)
    return refusal('MissingParameter', 'PhoneNumberSet and SmsSdkAppId are required.');
  return {
    Response: { SendStatusSet: phones.map((phone) => statusOf(message, phone, options)), RequestId: randomUUID() },
  };
}
