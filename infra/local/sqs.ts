import { createHash, randomUUID } from 'node:crypto';
import type { DeadLetter } from './data-folder.ts';
import type { JsonAnswer } from './kms.ts';
import type { Queues } from './queues.ts';

interface SqsRequest {
  QueueUrl?: string;
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  ReceiptHandle?: string;
}

/** Answers an operation of SQS, or undefined where there is none of this name. */
export type Sqs = (operation: string, request: SqsRequest) => JsonAnswer | undefined;

/** As SQS takes it where neither the queue nor the request says otherwise. */
const VISIBILITY_SECONDS = 30;

const done: JsonAnswer = { status: 200, body: {} };
const failure = (type: string, message: string): JsonAnswer => ({
  status: 400,
  body: { __type: `com.amazonaws.sqs#${type}`, message },
});

/** The template's queues as SQS shows them: who takes a message hides it from others for a while, in real time. */
export function openSqs(queues: Queues): Sqs {
  const taken = new Map<string, { receipt: string; until: number }>();
  const isHidden = ({ id }: DeadLetter): boolean => (taken.get(id)?.until ?? 0) > performance.now();

  function take(letter: DeadLetter, seconds: number): object {
    const receipt = randomUUID();
    taken.set(letter.id, { receipt, until: performance.now() + seconds * 1_000 });
    const Body = JSON.stringify(letter.body);
    return {
      MessageId: letter.id,
      ReceiptHandle: receipt,
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
      Body,
      Attributes: { SentTimestamp: String(Date.parse(letter.at)) },
    };
  }

  return (operation, { QueueUrl = '', MaxNumberOfMessages = 1, VisibilityTimeout, ReceiptHandle }) => {
    const letters = queues.of(QueueUrl);
    if (!letters) return failure('QueueDoesNotExist', 'The specified queue does not exist.');
    if (operation === 'ReceiveMessage') {
      const found = letters.filter((letter) => !isHidden(letter)).slice(0, Math.min(10, MaxNumberOfMessages));
      const Messages = found.map((letter) => take(letter, VisibilityTimeout ?? VISIBILITY_SECONDS));
      return { status: 200, body: Messages.length > 0 ? { Messages } : {} };
    }
    if (operation === 'GetQueueAttributes') {
      const hidden = letters.filter(isHidden).length;
      const Attributes = {
        ApproximateNumberOfMessages: String(letters.length - hidden),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
      };
      return { status: 200, body: { Attributes } };
    }
    const [id, holder] = [...taken].find(([, { receipt }]) => receipt === ReceiptHandle) ?? [];
    if (id === undefined || !holder) return failure('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
    if (operation === 'DeleteMessage') {
      queues.remove(id);
      taken.delete(id);
      return done;
    }
    if (operation === 'ChangeMessageVisibility') {
      holder.until = performance.now() + (VisibilityTimeout ?? 0) * 1_000;
      return done;
    }
    return undefined;
  };
}
