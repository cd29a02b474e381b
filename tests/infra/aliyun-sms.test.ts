import { beforeEach, describe, expect, it } from 'vitest';
import { acs3Signature, answerAliyunSms } from '../../infra/local/aliyun-sms.ts';
import type { DataFolder } from '../../infra/local/data-folder.ts';
import type { Request } from '../../infra/local/http-event.ts';
import { type SmsOptions, smsTemplates } from '../../infra/local/sms.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
let options: SmsOptions;

beforeEach(() => {
  const state = { clock: { offset: 0 }, checkpoints: {}, deadLetters: [], inbox: [] };
  const folder: DataFolder = { path: '', state, save: () => {}, unlock: () => {} };
  options = {
    secret: { secretId: 'id', secretKey: 'key' },
    templates: smsTemplates('SMS_77', 'SMS_78'),
    folder,
    now: () => NOW,
  };
});

interface Wish {
  query?: Record<string, string>;
  action?: string;
  at?: number;
  secretId?: string;
  secretKey?: string;
  authorization?: string;
}

function sendSms({
  query = {},
  action = 'SendSms',
  at = NOW,
  secretId = 'id',
  secretKey = 'key',
  authorization,
}: Wish) {
  const asked = {
    PhoneNumbers: '13800138000',
    SignName: '积分商城',
    TemplateCode: 'SMS_77',
    TemplateParam: '{"code":"123456","minutes":"5"}',
    ...query,
  };
  const headers: Record<string, string> = {
    host: 'dysmsapi.aliyuncs.com',
    'x-acs-action': action,
    'x-acs-version': '2017-05-25',
    'x-acs-date': new Date(at).toISOString(),
  };
  const text = new URLSearchParams(asked).toString().replaceAll('+', '%20');
  const request = { id: '', method: 'POST', path: '/', query: text, sourceIp: '', headers, body: Buffer.from('') };
  const names = Object.keys(headers).toSorted();
  const signature = acs3Signature(request, names, secretKey);
  headers['authorization'] =
    authorization ?? `ACS3-HMAC-SHA256 Credential=${secretId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return request satisfies Request;
}

describe('the double of Aliyun', () => {
  it('files what would be sent', () => {
    const { status, body } = answerAliyunSms(sendSms({}), options);
    expect([status, body]).toEqual([200, expect.objectContaining({ Code: 'OK', Message: 'OK' })]);
    const text = '【积分商城】您的验证码是123456，5分钟内有效。 / Your code is 123456, valid for 5 minutes.';
    expect(options.folder.state.inbox).toEqual([
      {
        to: '+8613800138000',
        channel: 'sms',
        template: 'SMS_77',
        text,
        at: expect.any(String),
        params: ['123456', '5'],
      },
    ]);
  });

  it.each<[string, Wish, number, string]>([
    ['another key', { secretKey: 'other' }, 400, 'SignatureDoesNotMatch'],
    ['an unknown id', { secretId: 'other' }, 404, 'InvalidAccessKeyId.NotFound'],
    ['no signature', { authorization: '' }, 400, 'IncompleteSignature'],
    ['an old date', { at: NOW - 16 * 60_000 }, 400, 'InvalidTimeStamp.Expired'],
    ['another action', { action: 'QuerySms' }, 404, 'InvalidAction.NotFound'],
    ['no number', { query: { PhoneNumbers: '' } }, 400, 'MissingParameter'],
    ['no such number', { query: { PhoneNumbers: '12' } }, 200, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['an unknown template', { query: { TemplateCode: 'SMS_1' } }, 200, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['parameters that are no JSON', { query: { TemplateParam: '{' } }, 200, 'isv.INVALID_JSON_PARAM'],
  ])('refuses %s', (_, wish, status, Code) => {
    const answer = answerAliyunSms(sendSms(wish), options);
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ Code })]);
    expect(options.folder.state.inbox).toEqual([]);
  });
});
