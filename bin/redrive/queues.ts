import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Letter, letterOf } from './letters.ts';

/** Dead-letter queues, as one who hands back goes through them. */
export interface DeadLetters {
  /** About how many lie there for anybody to take. */
  count(): Promise<number>;
  /** Takes the next ones that were not taken yet, oldest first as far as SQS knows; nobody else gets them meanwhile. */
  take(most: number): Promise<Letter[]>;
  /** It is done: the letter is gone. */
  remove(letter: Letter): Promise<void>;
  /** Puts back whatever was taken and not removed. */
  release(): Promise<void>;
}

/** Longer than any function may run, so that a letter that is being handed back is nobody else's. */
const HIDDEN_SECONDS = 1_000;
/** SQS asks only some of its servers unless it is given time. */
const WAIT_SECONDS = 1;

export function openDeadLetters(client: SQSClient, urls: readonly string[]): DeadLetters {
  const held = new Map<string, Letter>();
  const left = [...urls];
  return {
    async count() {
      const names = ['ApproximateNumberOfMessages' as const];
      const answers = await Promise.all(
        urls.map((QueueUrl) => client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))),
      );
      return answers.reduce((sum, { Attributes }) => sum + Number(Attributes?.ApproximateNumberOfMessages ?? 0), 0);
    },
    async take(most) {
      for (let [queueUrl] = left; queueUrl !== undefined; [queueUrl] = left) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: Math.min(10, most),
            VisibilityTimeout: HIDDEN_SECONDS,
            WaitTimeSeconds: WAIT_SECONDS,
            MessageSystemAttributeNames: ['SentTimestamp'],
            MessageAttributeNames: ['All'],
          }),
        );
        const letters = Messages.map((message) => letterOf(message, queueUrl));
        for (const letter of letters) held.set(letter.id, letter);
        if (letters.length > 0) return letters;
        left.shift();
      }
      return [];
    },
    async remove({ queueUrl, receipt, id }) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
      held.delete(id);
    },
    async release() {
      const letters = [...held.values()];
      held.clear();
      for (const { queueUrl: QueueUrl, receipt: ReceiptHandle } of letters)
        await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    },
  };
}
