import type { DataFolder, DeadLetter } from './data-folder.ts';
import { ofType, type Resource } from './resources.ts';

export interface Queues {
  /** Puts a message on the queue of this ARN. */
  send(queueArn: string, body: unknown): void;
  /** Newest first. */
  list(): DeadLetter[];
}

/** The template's queues, which hold dead letters only: what lies there lies in the data folder. */
export function openQueues(resources: readonly Resource[], folder: DataFolder, now: () => number): Queues {
  const names = new Map(ofType(resources, 'AWS::SQS::Queue').map(({ arn, name }) => [arn, name]));
  return {
    send(queueArn, body) {
      const queue = names.get(queueArn) ?? queueArn;
      folder.state.deadLetters.push({ queue, at: new Date(now()).toISOString(), body });
      folder.save();
    },
    list: () => folder.state.deadLetters.toReversed(),
  };
}
