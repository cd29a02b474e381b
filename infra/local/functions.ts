import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClockWord } from './clock.ts';
import { Refusal } from './refusal.ts';
import { functionName, place } from './resource-types.ts';
import { ofType, type Resource } from './resources.ts';
import { type Outcome, workerPool } from './worker-pool.ts';

interface FunctionProperties {
  Code: { S3Key?: string };
  Handler: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables?: Record<string, string> };
}

export interface FunctionsOptions {
  resources: readonly Resource[];
  cdkOut: string;
  logs: string;
  clock: ClockWord;
  /** Variables that every function gets on top of the template's: endpoints and credentials that lead nowhere. */
  environment: Record<string, string>;
  /** Values of the template's variables that mean another address here. */
  addresses: Record<string, string>;
  /** Told in one line of every invocation that failed. */
  complain: (line: string) => void;
}

export interface Functions {
  names: readonly string[];
  /** The settings of every function together, as one who plays all their parts needs them. */
  environment: Record<string, string>;
  /** Runs the function that the template calls by this name or ARN; `at` is the instant that it sees instead of the clock. */
  invoke(nameOrArn: string, event: unknown, at?: number): Promise<Outcome>;
  stop(): Promise<void>;
}

function assetFolder(cdkOut: string, { name, properties }: Resource<FunctionProperties>): string {
  const hash = properties.Code.S3Key?.replace(/\.zip$/, '');
  if (!hash) throw new Refusal(`The function ${name} has no bundled asset: synthesize with bundling.`);
  return join(cdkOut, `asset.${hash}`);
}

function environmentOf(
  { name, properties }: Resource<FunctionProperties>,
  options: FunctionsOptions,
): Record<string, string> {
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  return {
    ...Object.fromEntries(variables.map(([key, value]) => [key, options.addresses[value] ?? value])),
    ...options.environment,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize ?? 128),
    AWS_LAMBDA_LOG_GROUP_NAME: `/local/${name}`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    _HANDLER: properties.Handler,
    TZ: ':UTC',
  };
}

function poolOf(resource: Resource<FunctionProperties>, log: WriteStream, options: FunctionsOptions) {
  const { name, arn, properties } = resource;
  const [file = 'index', handlerName = 'handler'] = properties.Handler.split('.');
  const folder = assetFolder(options.cdkOut, resource);
  return workerPool({
    environment: environmentOf(resource, options),
    timeoutMs: (properties.Timeout ?? 3) * 1_000,
    log,
    data: {
      clock: options.clock,
      bundleUrl: pathToFileURL(join(folder, `${file}.mjs`)).href,
      handlerName,
      functionName: name,
      functionArn: arn,
      memoryMb: properties.MemorySize ?? 128,
    },
  });
}

/** What the functions are told besides the template: that they are at home, and where their services answer. */
export function homeEnvironment(endpoints: { dynamodb: string; doubles: string }): Record<string, string> {
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.doubles,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.doubles,
  };
}

/** Everything that the template may call a function by: its name, its ARN, and both with an alias behind. */
function namesOf(name: string, arn: string, resources: readonly Resource[]): string[] {
  const aliases = ofType<{ FunctionName: string; Name: string }>(resources, 'AWS::Lambda::Alias');
  const own = aliases.filter(({ properties }) => properties.FunctionName === name);
  return [name, arn, ...own.flatMap(({ ref, properties }) => [ref, `${name}:${properties.Name}`])];
}

/** Every function of the template, each in workers of its own, started when first called. */
export function startFunctions(options: FunctionsOptions): Functions {
  mkdirSync(options.logs, { recursive: true });
  const functions = ofType<FunctionProperties>(options.resources, 'AWS::Lambda::Function');
  const logs = functions.map(({ name }) => createWriteStream(join(options.logs, `${name}.log`), { flags: 'a' }));
  const pools = functions.map((resource, index) => ({
    resource,
    pool: poolOf(resource, logs[index] as WriteStream, options),
  }));
  const byName = new Map(
    pools.flatMap(({ resource: { name, arn }, pool }) =>
      namesOf(name, arn, options.resources).map((called) => [called, pool] as const),
    ),
  );
  const variables = functions.flatMap((resource) => Object.entries(environmentOf(resource, options)));
  const own = /^(POWERTOOLS_SERVICE_NAME|NODE_OPTIONS|AWS_LAMBDA_.*|AWS_EXECUTION_ENV|_HANDLER|TZ)$/;
  return {
    names: functions.map(({ name }) => name),
    environment: Object.fromEntries(variables.filter(([key]) => !own.test(key))),
    async invoke(nameOrArn, event, at) {
      const pool = byName.get(nameOrArn);
      if (!pool) throw new Refusal(`The template calls ${nameOrArn}, which is none of its functions.`);
      const outcome = await pool.invoke(event, at);
      if (outcome.failed) {
        const name = functionName(nameOrArn);
        options.complain(`${name}: ${outcome.message} (see ${join(options.logs, `${name}.log`)})`);
      }
      return outcome;
    },
    async stop() {
      await Promise.all(pools.map(({ pool }) => pool.stop()));
      for (const log of logs) log.end();
    },
  };
}
