import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClockWord } from './clock.ts';
import { ACCOUNT_CONCURRENCY, openConcurrency, throttled } from './concurrency.ts';
import { Refusal } from './refusal.ts';
import { place } from './resource-types.ts';
import { ofType, type Resource } from './resources.ts';
import type { Happening, RunLog } from './run-log.ts';
import { type Outcome, type WorkerPool, workerPool } from './worker-pool.ts';

interface FunctionProperties {
  Code: { S3Key?: string };
  Handler: string;
  Timeout?: number;
  MemorySize?: number;
  Description?: string;
  Environment?: { Variables?: Record<string, string> };
}

export interface FunctionsOptions {
  resources: readonly Resource[];
  cdkOut: string;
  log: Pick<RunLog, 'write'>;
  /** Where that log lies, as a command names it; where commands look by themselves when absent. */
  data?: string;
  clock: ClockWord;
  /** Variables that every function gets on top of the template's: endpoints and credentials that lead nowhere. */
  environment: Record<string, string>;
  /** Values of the template's variables that mean another address here. */
  addresses: Record<string, string>;
  /** Told in one line of every invocation that failed. */
  complain: (line: string) => void;
  /** How many calls of all functions may be under way at once. */
  concurrency?: number;
}

export interface Functions {
  names: readonly string[];
  /** Each function and the file that it is made of, as its description says. */
  sources: readonly { name: string; file: string }[];
  /** The settings of every function together, as one who plays all their parts needs them. */
  environment: Record<string, string>;
  /**
   * Runs the function that the template calls by this name or ARN; `at` is the instant that it sees instead of the clock.
   * Beyond its concurrency it is not run but throttled.
   */
  invoke(nameOrArn: string, event: unknown, at?: number): Promise<Outcome>;
  /** From now on this function is this bundle. */
  replace(name: string, bundleUrl: string): void;
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

/** Everything goes into the log; what failed is also told, with the id by which the log tells more. */
function heard(happening: Happening, { log, data, complain }: FunctionsOptions): void {
  log.write(happening);
  if (happening.kind !== 'call' || happening.failed === undefined) return;
  const { function: name, failed, cause, invocationId } = happening;
  const where = data === undefined || data === '.local' ? '' : ` --data ${data}`;
  complain(`${name}: ${failed} (npm run trace -- ${cause ?? invocationId}${where})`);
}

function poolOf(resource: Resource<FunctionProperties>, options: FunctionsOptions): WorkerPool {
  const { name, arn, properties } = resource;
  const [file = 'index', handlerName = 'handler'] = properties.Handler.split('.');
  const folder = assetFolder(options.cdkOut, resource);
  return workerPool({
    environment: environmentOf(resource, options),
    timeoutMs: (properties.Timeout ?? 3) * 1_000,
    log: (happening) => heard(happening, options),
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

/** What the SDK signs with here; it opens nothing anywhere. */
export const LOCAL_SECRET = 'local';

/** What the functions are told besides the template: that they are at home, and where their services answer. */
export function homeEnvironment(endpoints: { dynamodb: string; doubles: string }): Record<string, string> {
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: LOCAL_SECRET,
    AWS_EC2_METADATA_DISABLED: 'true',
    WEBHOOK_TRUSTED_HOST: '127.0.0.1',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.doubles,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.doubles,
    AWS_ENDPOINT_URL_KMS: endpoints.doubles,
    AWS_ENDPOINT_URL_S3: endpoints.doubles,
    AWS_ENDPOINT_URL_SSM: endpoints.doubles,
  };
}

/** Everything that the template may call a function by: its name, its ARN, and both with an alias behind. */
function namesOf(name: string, arn: string, resources: readonly Resource[]): string[] {
  const aliases = ofType<{ FunctionName: string; Name: string }>(resources, 'AWS::Lambda::Alias');
  const own = aliases.filter(({ properties }) => properties.FunctionName === name);
  return [name, arn, ...own.flatMap(({ ref, properties }) => [ref, `${name}:${properties.Name}`])];
}

/** What a function is woken by, as the log tells it: the id of a request, or of one of our events. */
function causeOf(event: unknown): string | undefined {
  const { requestContext, detail } = (event ?? {}) as {
    requestContext?: { requestId?: string };
    detail?: { eventId?: string };
  };
  return requestContext?.requestId ?? detail?.eventId;
}

/** Every function of the template, each in workers of its own, started when first called. */
export function startFunctions(options: FunctionsOptions): Functions {
  const functions = ofType<FunctionProperties>(options.resources, 'AWS::Lambda::Function');
  const places = openConcurrency(options.resources, options.concurrency ?? ACCOUNT_CONCURRENCY);
  const pools = functions.map((resource) => ({ resource, pool: poolOf(resource, options) }));
  const byName = new Map(
    pools.flatMap(({ resource: { name, arn }, pool }) =>
      namesOf(name, arn, options.resources).map((called) => [called, { name, pool }] as const),
    ),
  );
  const variables = functions.flatMap((resource) => Object.entries(environmentOf(resource, options)));
  const own = /^(POWERTOOLS_SERVICE_NAME|NODE_OPTIONS|AWS_LAMBDA_.*|AWS_EXECUTION_ENV|_HANDLER|TZ)$/;
  return {
    names: functions.map(({ name }) => name),
    sources: functions.map(({ name, properties }) => ({ name, file: properties.Description ?? '' })),
    environment: Object.fromEntries(variables.filter(([key]) => !own.test(key))),
    async invoke(nameOrArn, event, at) {
      const found = byName.get(nameOrArn);
      if (!found) throw new Refusal(`The template calls ${nameOrArn}, which is none of its functions.`);
      if (!places.enter(found.name)) return throttled;
      try {
        return await found.pool.invoke(event, { cause: causeOf(event), at });
      } finally {
        places.leave(found.name);
      }
    },
    replace: (name, bundleUrl) => byName.get(name)?.pool.replace(bundleUrl),
    async stop() {
      await Promise.all(pools.map(({ pool }) => pool.stop()));
    },
  };
}
