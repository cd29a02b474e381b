import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readAssembly } from './assembly.ts';
import { asynchronous } from './asynchronous.ts';
import { lastReactions, openBus } from './bus.ts';
import { openCalendar } from './calendar.ts';
import { clockNow, clockState, clockWord } from './clock.ts';
import { answerControl } from './control.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { answerAsDouble } from './doubles.ts';
import { type DynamoDbLocal, requireJava, startDynamoDbLocal } from './dynamodb-local.ts';
import { type Functions, homeEnvironment, LOCAL_SECRET, startFunctions } from './functions.ts';
import { type Gateway, MAX_BODY_BYTES, openGateway } from './gateway.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Reply, Request } from './http-event.ts';
import { serve } from './http-server.ts';
import { openKms } from './kms.ts';
import { answerInvoke } from './lambda.ts';
import { discoveryAt } from './oidc.ts';
import { openParameters } from './parameters.ts';
import { doubledAt, openProviders } from './providers.ts';
import { openQueues } from './queues.ts';
import { ofType, type Resource, readResources } from './resources.ts';
import { type Line, openRunLog, type RunLog } from './run-log.ts';
import { openS3 } from './s3.ts';
import { readSchedules, type Schedule } from './schedules.ts';
import { openSecrets } from './secrets.ts';
import { type SmsOptions, smsTemplates } from './sms.ts';
import { openSqs } from './sqs.ts';
import { openStreams } from './streams.ts';
import { writeSystem } from './system.ts';
import { openTables } from './tables.ts';

export interface RuntimeOptions {
  /** Makes or names the synthesized app, given the data folder. */
  synthesize: (data: string) => Promise<string>;
  data: string;
  fresh?: boolean;
  /** 0 takes any free port. */
  port: number;
  /** Another DynamoDB instead of the built-in one. */
  dynamodb?: string | undefined;
  log?: (line: string) => void;
  /** Told each line of the run's log as it is written. */
  told?: ((line: Line) => void) | undefined;
}

export interface Runtime {
  api: string;
  /** The physical name of the table. */
  table: string;
  dynamodb: string;
  /** What one needs in the environment to play the part of any function. */
  env: Record<string, string>;
  folder: DataFolder;
  schedules: readonly Schedule[];
  /** The synthesized app that runs. */
  cdkOut: string;
  functions: Pick<Functions, 'sources' | 'replace'>;
  now(): number;
  /** Kept when the emulator has ended, wanted or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

type Answer = (request: Request) => Promise<Reply>;

/** The settings of the template's functions that some double must know. */
function settingOf(resources: readonly Resource[], name: string): string | undefined {
  const functions = ofType<{ Environment?: { Variables?: Record<string, string> } }>(
    resources,
    'AWS::Lambda::Function',
  );
  return functions
    .map(({ properties }) => properties.Environment?.Variables?.[name])
    .find((value) => value !== undefined);
}

function smsOptions(
  resources: readonly Resource[],
  secrets: Record<string, string>,
  folder: DataFolder,
  now: () => number,
): SmsOptions {
  const secret = JSON.parse(
    secrets[settingOf(resources, 'SMS_SECRET') ?? ''] ?? '{"secretId":"","secretKey":""}',
  ) as SmsOptions['secret'];
  const idOf = (name: string) => settingOf(resources, name) ?? '';
  const templates = smsTemplates(idOf('SMS_LOGIN_TEMPLATE'), idOf('SMS_CHANGE_TEMPLATE'));
  return { secret, templates, folder, now };
}

async function findDynamoDb(
  { dynamodb }: RuntimeOptions,
  folder: DataFolder,
  cleanup: AsyncDisposableStack,
): Promise<Pick<DynamoDbLocal, 'endpoint' | 'ended'>> {
  if (dynamodb) return { endpoint: dynamodb.replace(/\/$/, ''), ended: new Promise(() => {}) };
  const emulator = await startDynamoDbLocal(join(folder.path, 'dynamodb'), join(folder.path, 'logs/dynamodb.log'));
  cleanup.defer(() => emulator.stop());
  return emulator;
}

/** Both at once; when one fails the other has come to rest before the failure goes on. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** The gateway's answer, and its line in the log: as the access log of the cloud, never a query or a header. */
async function answerLogged(request: Request, gateway: Gateway, log: RunLog): Promise<Reply> {
  const since = performance.now();
  const { reply, routeKey, error } = await gateway.answer(request);
  const { id: requestId, method, path } = request;
  const ms = Math.round(performance.now() - since);
  const failed = error === undefined ? {} : { error };
  log.write({ kind: 'request', requestId, method, path, routeKey, status: reply.statusCode, ms, ...failed });
  return reply;
}

interface Ground {
  options: RuntimeOptions;
  folder: DataFolder;
  cdkOut: string;
  resources: readonly Resource[];
  endpoint: string;
  cleanup: AsyncDisposableStack;
}

/** Everything above the table, bottom to top; gives what answers on the API's port. */
async function raise({ options, folder, cdkOut, resources, endpoint, cleanup }: Ground) {
  const complain = (line: string): void => options.log?.(line);
  const clock = clockWord(folder.state.clock);
  const now = (): number => clockNow(clock);
  const log = openRunLog(join(folder.path, 'logs'), { told: options.told });
  cleanup.defer(() => log.close());
  const doublesReady = Promise.withResolvers<Answer>();
  const doubles = await serve({
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    complain,
    answer: async (request) => (await doublesReady.promise)(request),
  });
  cleanup.defer(() => doubles.stop());
  const functions = startFunctions({
    resources,
    cdkOut,
    log,
    data: relative('', folder.path) || '.',
    clock,
    environment: homeEnvironment({ dynamodb: endpoint, doubles: doubles.url }),
    addresses: doubledAt(doubles.url, settingOf(resources, 'OIDC_DISCOVERY')),
    complain,
  });
  cleanup.defer(() => functions.stop());
  const queues = openQueues(resources, folder, now);
  const invoke = asynchronous(resources, functions, queues);
  const bus = openBus(resources, invoke, now);
  // The stream is read past what has left on the bus: who reacts to it is let finish, or it never would.
  cleanup.defer(() => lastReactions(bus, complain));
  const secrets = openSecrets(resources, folder.path);
  const sms = smsOptions(resources, secrets, folder, now);
  const kms = openKms(resources, folder.path);
  const parameters = openParameters(resources, folder.path);
  const s3 = openS3({ resources, folder: folder.path, secret: LOCAL_SECRET, now });
  const providers = openProviders({ secrets, setting: (name) => settingOf(resources, name) ?? '', now });
  const all = { bus, secrets, sms, providers, kms, parameters, s3, sqs: openSqs(queues) };
  doublesReady.resolve(async (request) => (await answerInvoke(request, functions)) ?? answerAsDouble(request, all));
  const streams = openStreams({ resources, endpoint, folder, functions, queues, now });
  cleanup.defer(() => streams.stop());
  const schedules = readSchedules(resources);
  const calendar = openCalendar({ schedules, folder, invoke, streams, bus, queues, now });
  folder.save();
  const strike = async () => 'offset' in clockState(clock) && calendar.serve();
  const heartbeat = startHeartbeat([...streams.readers, strike], complain);
  cleanup.defer(() => heartbeat.stop());
  const gateway = openGateway(resources, functions, now);
  const control = {
    folder,
    clock,
    calendar,
    bus,
    queues,
    schedules,
    subscriptions: bus.subscriptions(),
    discovery: discoveryAt(doubles.url),
    moved: () => gateway.forgetVerdicts(),
  };
  const answer: Answer = (request) =>
    request.path.startsWith('/local/') ? answerControl(request, control) : answerLogged(request, gateway, log);
  return { answer, schedules, now, functions, doubles: doubles.url, queues: queues.urls };
}

/** Runs what the template says on this machine; whatever fails on the way, nothing stays behind. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  if (!options.dynamodb) await requireJava();
  await using cleanup = new AsyncDisposableStack();
  const folder = openDataFolder(options.data, options.fresh);
  cleanup.defer(() => folder.unlock());
  mkdirSync(join(folder.path, 'logs'), { recursive: true });
  const ready = Promise.withResolvers<Answer>();
  const server = await serve({
    port: options.port,
    maxBodyBytes: MAX_BODY_BYTES,
    answer: async (request) => (await ready.promise)(request),
    complain: (line) => options.log?.(line),
  });
  cleanup.defer(() => server.stop());
  const [cdkOut, dynamodb] = await both(options.synthesize(folder.path), findDynamoDb(options, folder, cleanup));
  const resources = readResources(readAssembly(cdkOut));
  await openTables(resources, dynamodb.endpoint, options.fresh ?? false);
  const { answer, schedules, now, functions, doubles, queues } = await raise({
    options,
    folder,
    cdkOut,
    resources,
    endpoint: dynamodb.endpoint,
    cleanup,
  });
  ready.resolve(answer);
  const running = cleanup.move();
  const table = ofType(resources, 'AWS::DynamoDB::Table')[0]?.name ?? '';
  const timeZone = settingOf(resources, 'TIME_ZONE') ?? 'UTC';
  writeSystem(folder, {
    table,
    archive: settingOf(resources, 'ARCHIVE_BUCKET'),
    timeZone,
    dynamodb: dynamodb.endpoint,
    builtIn: options.dynamodb === undefined,
    doubles,
    queues,
  });
  return {
    api: server.url,
    table,
    dynamodb: dynamodb.endpoint,
    env: functions.environment,
    folder,
    schedules,
    cdkOut,
    functions,
    now,
    ended: dynamodb.ended,
    stop: () => running.disposeAsync(),
  };
}
