import { beforeEach, describe, expect, it } from 'vitest';
import type { DataFolder } from '../../infra/local/data-folder.ts';
import type { Request } from '../../infra/local/http-event.ts';
import { generateSecret, getSecretValue } from '../../infra/local/secrets.ts';
import { answerSms, type SmsOptions, smsTemplates } from '../../infra/local/sms.ts';
import { tc3Signature } from '../../infra/local/tc3-signature.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
let folder: DataFolder;
let options: SmsOptions;

beforeEach(() => {
  const state = { clock: { offset: 0 }, checkpoints: {}, deadLetters: [], inbox: [] };
  folder = { path: '', state, save: () => {}, unlock: () => {} };
  options = {
    secret: { secretId: 'id', secretKey: 'key' },
    templates: smsTemplates('77', '70'),
    folder,
    now: () => NOW,
  };
});

function sendSms(
  change: { secretId?: string; secretKey?: string; host?: string; at?: number; body?: object; action?: string } = {},
): Request {
  const message = {
    PhoneNumberSet: ['+8613800138000'],
    SmsSdkAppId: '1',
    SignName: '积分商城',
    TemplateId: '77',
    TemplateParamSet: ['123456'],
  };
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: '127.0.0.1:4000',
    'x-tc-action': change.action ?? 'SendSms',
    'x-tc-version': '2021-01-11',
    'x-tc-timestamp': String((change.at ?? NOW) / 1_000),
  };
  const request = {
    id: '',
    method: 'POST',
    path: '/',
    query: '',
    sourceIp: '',
    headers,
    body: Buffer.from(JSON.stringify({ ...message, ...change.body })),
  };
  const scope = { date: '2026-11-23', service: 'sms', signedHeaders: ['content-type', 'host'] };
  const signature = tc3Signature(request, scope, change.secretKey ?? 'key', change.host ?? '127.0.0.1:4000');
  headers['authorization'] =
    `TC3-HMAC-SHA256 Credential=${change.secretId ?? 'id'}/2026-11-23/sms/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`;
  return request;
}

describe('the SMS double', () => {
  it.each([['127.0.0.1:4000'], ['127.0.0.1']])(
    'sends what is signed for host %s, and files it in the inbox',
    (host) => {
      const sent = expect.objectContaining({ PhoneNumber: '+8613800138000', Code: 'Ok', Fee: 1, IsoCode: 'CN' });
      expect(answerSms(sendSms({ host }), options)).toEqual({
        Response: { SendStatusSet: [sent], RequestId: expect.any(String) },
      });
      expect(folder.state.inbox).toEqual([
        {
          to: '+8613800138000',
          channel: 'sms',
          template: '77',
          text: '【积分商城】您的验证码是123456，5分钟内有效。 / Your code is 123456, valid for 5 minutes.',
          at: '2026-11-23T00:00:00.000Z',
          params: ['123456'],
        },
      ]);
    },
  );

  it.each([
    ['another key', { secretKey: 'other' }, 'AuthFailure.SignatureFailure'],
    ['another host', { host: 'sms.tencentcloudapi.com' }, 'AuthFailure.SignatureFailure'],
    ['another id', { secretId: 'other' }, 'AuthFailure.SecretIdNotFound'],
    ['a signature of five minutes and a second ago', { at: NOW - 301_000 }, 'AuthFailure.SignatureExpire'],
    ['another action', { action: 'PullSmsSendStatus' }, 'InvalidAction'],
  ])('refuses %s', (_, change, code) => {
    const error = { Code: code, Message: expect.any(String) };
    expect(answerSms(sendSms(change), options)).toEqual({ Response: { Error: error, RequestId: expect.any(String) } });
    expect(folder.state.inbox).toEqual([]);
  });

  it('refuses a body that was changed after it was signed', () => {
    const request = { ...sendSms(), body: Buffer.from('{}') };
    expect(answerSms(request, options)).toMatchObject({
      Response: { Error: { Code: 'AuthFailure.SignatureFailure' } },
    });
  });

  it.each([
    [{ TemplateId: '78' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
    [{ PhoneNumberSet: ['13800138000'] }, 'InvalidParameterValue.IncorrectPhoneNumber'],
  ])('answers %j for that number alone', (body, code) => {
    expect(answerSms(sendSms({ body }), options)).toMatchObject({ Response: { SendStatusSet: [{ Code: code }] } });
  });
});

describe('the secrets double', () => {
  it('generates what the template asks for', () => {
    expect(generateSecret({ PasswordLength: 64, ExcludePunctuation: true })).toMatch(/^[A-Za-z0-9]{64}$/);
    const pair: unknown = JSON.parse(
      generateSecret({
        SecretStringTemplate: '{"secretId":"x"}',
        GenerateStringKey: 'secretKey',
        ExcludePunctuation: true,
      }),
    );
    expect(pair).toEqual({ secretId: 'x', secretKey: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
  });

  it('answers a known ARN and no other', () => {
    expect(getSecretValue({ arn: 'value' }, { SecretId: 'arn' })).toMatchObject({
      status: 200,
      body: { SecretString: 'value' },
    });
    expect(getSecretValue({ arn: 'value' }, { SecretId: 'other' })).toMatchObject({
      status: 400,
      body: { __type: 'ResourceNotFoundException' },
    });
  });
});
