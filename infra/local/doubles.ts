import { answerAliyunSms } from './aliyun-sms.ts';
import type { Bus } from './bus.ts';
import type { Reply, Request } from './http-event.ts';
import type { JsonAnswer, Kms } from './kms.ts';
import type { Parameters } from './parameters.ts';
import type { Provider } from './provider-codes.ts';
import type { S3 } from './s3.ts';
import { getSecretValue, type Secrets } from './secrets.ts';
import { signedService } from './sigv4.ts';
import { answerSms, type SmsOptions } from './sms.ts';
import type { Sqs } from './sqs.ts';

export interface Doubles {
  bus: Pick<Bus, 'putEvents'>;
  secrets: Secrets;
  sms: SmsOptions;
  kms?: Kms;
  parameters?: Parameters;
  s3?: S3;
  sqs?: Sqs;
  /** Providers of identities, each told by its own paths. */
  providers?: readonly Provider[];
}

function json(statusCode: number, value: object, contentType: string): Reply {
  return {
    statusCode,
    headers: { 'content-type': contentType },
    cookies: [],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The answer of the service that `x-amz-target` names; undefined where no double has this operation. */
function answerOf(target: string, { body }: Request, doubles: Doubles): JsonAnswer | undefined {
  const asked: object = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as object);
  const [service = '', operation = ''] = target.split('.');
  if (target === 'AWSEvents.PutEvents') return { status: 200, body: doubles.bus.putEvents(asked) };
  if (target === 'secretsmanager.GetSecretValue') return getSecretValue(doubles.secrets, asked);
  if (service === 'TrentService') return doubles.kms?.(operation, asked);
  if (service === 'AmazonSQS') return doubles.sqs?.(operation, asked);
  if (service === 'AmazonSSM') return doubles.parameters?.(operation, asked);
  return undefined;
}

/**
 * The services that functions speak to, told apart as on the wire: AWS by `x-amz-target`, Tencent by `X-TC-Action`, Aliyun by
 * `x-acs-action`, providers of identities by their paths, and S3 by its signature. AWS is asked in the SDK's signed form or
 * not at all; the signature itself is not checked.
 */
export function answerAsDouble(request: Request, doubles: Doubles): Reply {
  if (request.headers['x-tc-action']) return json(200, answerSms(request, doubles.sms), 'application/json');
  if (request.headers['x-acs-action']) {
    const { status, body } = answerAliyunSms(request, doubles.sms);
    return json(status, body, 'application/json');
  }
  const amz = 'application/x-amz-json-1.1';
  const target = request.headers['x-amz-target'];
  if (target === undefined) {
    for (const answered of [...(doubles.providers ?? []), ...(doubles.s3 ? [doubles.s3] : [])]) {
      const reply = answered(request);
      if (reply) return reply;
    }
  } else {
    if (!signedService(request))
      return json(403, { __type: 'MissingAuthenticationToken', message: 'The request is not signed.' }, amz);
    const answer = answerOf(target, request, doubles);
    if (answer) return json(answer.status, answer.body, amz);
  }
  const message = `No local double answers ${target ?? request.path}.`;
  return json(400, { __type: 'UnknownOperationException', message }, amz);
}
