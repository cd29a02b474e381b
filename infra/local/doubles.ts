import type { Bus } from './bus.ts';
import type { Reply, Request } from './http-event.ts';
import { getSecretValue, type Secrets } from './secrets.ts';
import { answerSms, type SmsOptions } from './sms.ts';

export interface Doubles {
  bus: Pick<Bus, 'putEvents'>;
  secrets: Secrets;
  sms: SmsOptions;
}

function json(statusCode: number, value: object, contentType: string): Reply {
  return {
    statusCode,
    headers: { 'content-type': contentType },
    cookies: [],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The services that functions speak to, told apart as on the wire: AWS by `x-amz-target`, Tencent by `X-TC-Action`. */
export function answerAsDouble(request: Request, { bus, secrets, sms }: Doubles): Reply {
  const amz = 'application/x-amz-json-1.1';
  const parse = <Shape>(): Shape => JSON.parse(request.body.toString('utf8')) as Shape;
  if (request.headers['x-tc-action']) return json(200, answerSms(request, sms), 'application/json');
  const target = request.headers['x-amz-target'];
  if (target === 'AWSEvents.PutEvents') return json(200, bus.putEvents(parse()), amz);
  if (target === 'secretsmanager.GetSecretValue') {
    const { status, body } = getSecretValue(secrets, parse());
    return json(status, body, amz);
  }
  return json(
    400,
    { __type: 'UnknownOperationException', message: `No local double answers ${target ?? request.path}.` },
    amz,
  );
}
