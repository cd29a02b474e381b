import { randomUUID } from 'node:crypto';
import type { DataFolder, DeadLetter } from './data-folder.ts';
import { ofType, type Resource } from './resources.ts';

export interface Queues {
  /** Puts a message on the queue of this ARN. */
  send(queueArn: string, body: unknown): void;
  /** Newest first. */
  list(): DeadLetter[];
  /** Where each queue of the template is. */
  urls: readonly string[];
  /** Oldest first; undefined where there is no such queue. */
  of(queueUrl: string): DeadLetter[] | undefined;
  remove(id: string): void;
}

/** The template's queues, which hold dead letters only: what lies there lies in the data folder. */
export function openQueues(resources: readonly Resource[], folder: DataFolder, now: () => number): Queues {
  const queues = ofType(resources, 'AWS::SQS::Queue');
  const names = new Map(queues.map(({ arn, name }) => [arn, name]));
  const byUrl = new Map(queues.map(({ ref, name }) => [ref, name]));
  const { state } = folder;
  // What an older version left there has no id yet.
  for (const letter of state.deadLetters) letter.id ??= randomUUID();
  return {
    send(queueArn, body) {
      const queue = names.get(queueArn) ?? queueArn;
      state.deadLetters.push({ id: randomUUID(), queue, at: new Date(now()).toISOString(), body });
      folder.save();
    },
    list: () => state.deadLetters.toReversed(),
    urls: [...byUrl.keys()],
    of: (queueUrl) => {
      const name = byUrl.get(queueUrl);
      return name === undefined ? undefined : state.deadLetters.filter(({ queue }) => queue === name);
    },
    remove(id) {
      state.deadLetters = state.deadLetters.filter((letter) => letter.id !== id);
      folder.save();
    },
  };
}
