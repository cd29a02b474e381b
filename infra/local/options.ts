import { parseArgs } from 'node:util';
import { type Stage, stages } from '../stages.ts';
import { messageOf, Refusal } from './refusal.ts';

export interface Options {
  port: number;
  data: string;
  /** Whose template runs. */
  stage: Stage['name'];
  fresh: boolean;
  dynamodb: string | undefined;
  /** Prints the log as it is written. */
  logs: boolean;
  /** Puts an edit in the place of what runs. */
  watch: boolean;
}

const USAGE =
  'npm start -- [--port 3000] [--data .local] [--stage dev] [--fresh] [--watch] [--logs] [--dynamodb http://127.0.0.1:8000]';

/** The command line; what it does not know it refuses. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Refusal(`--port ${values.port} is no port: say ${USAGE}.`);
  if (values.dynamodb !== undefined && !/^https?:\/\/[^/]+\/?$/.test(values.dynamodb)) {
    throw new Refusal(`--dynamodb ${values.dynamodb} is no address: say ${USAGE}.`);
  }
  const stage = Object.values(stages).find(({ name }) => name === values.stage)?.name;
  if (!stage) throw new Refusal(`--stage ${values.stage} is none of ${Object.keys(stages).join(', ')}: say ${USAGE}.`);
  const { data, fresh, dynamodb, logs, watch } = values;
  return { port, data, stage, fresh, dynamodb, logs, watch };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3000' },
        data: { type: 'string', default: '.local' },
        stage: { type: 'string', default: 'dev' },
        fresh: { type: 'boolean', default: false },
        dynamodb: { type: 'string' },
        logs: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
      },
    }).values;
  } catch (thrown) {
    throw new Refusal(`${messageOf(thrown).split('. ')[0]}: say ${USAGE}.`);
  }
}
