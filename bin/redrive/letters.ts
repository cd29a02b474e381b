import type { Message } from '@aws-sdk/client-sqs';
import type { BatchInfo } from '../../infra/local/stream-records.ts';

/** A dead letter: what lies in the queue, where it came from, and why it is there. */
export interface Letter {
  id: string;
  queueUrl: string;
  receipt: string;
  at: number;
  reason: string;
  /** Who is to be given it again; undefined for what we cannot read. */
  origin: Origin | undefined;
}

export type Origin = { functionArn: string } & ({ event: unknown } | { batch: BatchInfo });

interface Body {
  requestContext?: { functionArn?: string; condition?: string };
  requestPayload?: unknown;
  responsePayload?: { errorType?: string; errorMessage?: string } | null;
  DDBStreamBatchInfo?: BatchInfo;
}

function parsed(text: string | undefined): Body | undefined {
  try {
    const body = JSON.parse(text ?? '') as unknown;
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever wakes a function calls its alias; a name without one would be the version that was never released. */
export function liveOf(functionArn: string): string {
  return functionArn.split(':').length === 7 ? `${functionArn}:live` : functionArn.replace(/:\$LATEST$/, ':live');
}

/**
 * Reads the three forms in which AWS leaves a dead letter: by the destination of a function (the event and the failure),
 * by the reader of a stream (only where the batch lay), and by a rule or a schedule that could not hand over (the event
 * itself, with the target beside it).
 */
export function letterOf(message: Message, queueUrl: string): Letter {
  const { MessageId = '', ReceiptHandle = '', Body, Attributes, MessageAttributes = {} } = message;
  const body = parsed(Body);
  const beside = (name: string): string | undefined => MessageAttributes[name]?.StringValue;
  const { functionArn = beside('TARGET_ARN'), condition } = body?.requestContext ?? {};
  const failure = body?.responsePayload;
  const said = [failure?.errorType, failure?.errorMessage].filter(Boolean).join(': ');
  const undelivered = [beside('ERROR_CODE'), beside('ERROR_MESSAGE')].filter(Boolean).join(': ');
  return {
    id: MessageId,
    queueUrl,
    receipt: ReceiptHandle,
    at: Number(Attributes?.SentTimestamp ?? 0),
    reason: said || undelivered || condition || 'nothing is said',
    origin: originOf(body, functionArn),
  };
}

function originOf(body: Body | undefined, functionArn: string | undefined): Origin | undefined {
  if (!body || functionArn === undefined) return undefined;
  const live = liveOf(functionArn);
  if (body.DDBStreamBatchInfo) return { functionArn: live, batch: body.DDBStreamBatchInfo };
  return { functionArn: live, event: body.requestContext ? body.requestPayload : body };
}

/** `arn:…:function:Name:live` → `Name`, and of what it was to do. */
export function whereFrom({ origin }: Letter): string {
  if (!origin) return 'unknown';
  const name = origin.functionArn.split(':')[6] ?? origin.functionArn;
  if ('batch' in origin) return `${name}, ${origin.batch.batchSize} of the stream`;
  const event = origin.event as { 'detail-type'?: string; scheduledAt?: string } | null;
  return `${name}, ${event?.['detail-type'] ?? event?.scheduledAt ?? 'an event'}`;
}
