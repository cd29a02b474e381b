import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { readSystem } from '../infra/local/system.ts';
import { stageNamed } from '../infra/stages.ts';
import { SWITCHES } from '../shared/http/switches.ts';
import { listOff, type Off, turn } from '../shared/staff/switching.ts';
import { messageOf, Stop } from './tools/stop.ts';

const USAGE = `npm run switch -- --off|--on SWITCH --why "REASON" [--who NAME] [--data .local | --table TABLE [--stage production]]
npm run switch -- --list [--data .local | --table TABLE]
  SWITCH: ${SWITCHES.join(' ')}
--list says what is off, by whom, since when and why. Without --table it is the local run's. --who is you as this machine knows you. Each turn is recorded: GET /v1/audit?subject=switches.
AWS credentials and region are taken from the environment; AWS_ENDPOINT_URL_DYNAMODB names another DynamoDB.`;

/** As it stands in a record: who by visible ASCII, why by one line. */
const WHO = /^[!-~]{1,64}$/;
const WHY = /^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]{1,200}$/u;

function readWish() {
  const text = { type: 'string' } as const;
  const options = { table: text, stage: { ...text, default: 'production' }, data: { ...text, default: '.local' } };
  const wish = { on: text, off: text, who: text, why: text, list: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ options: { ...options, ...wish } });
  const { on, off, list, who = userInfo().username, why = '' } = values;
  const asked = off ?? on;
  if (list && asked === undefined) return values;
  if (list || asked === undefined || (on !== undefined && off !== undefined))
    throw new Stop('Say one switch to turn, --off or --on, or --list.');
  const name = SWITCHES.find((known) => known === asked);
  if (!name) throw new Stop(`There is no switch ${asked}: there are ${SWITCHES.join(', ')}.`);
  if (!WHY.test(why.trim())) throw new Stop('--why is needed: one line of at most 200 letters.');
  if (!WHO.test(who)) throw new Stop('--who is 1 to 64 letters without blanks.');
  return {
    ...values,
    turn: { name, who, why: why.trim(), to: off === undefined ? ('on' as const) : ('off' as const) },
  };
}

/** Where the table is, told as functions are told. */
function enter({ table, stage, data }: { table?: string | undefined; stage: string; data: string }): void {
  if (table !== undefined) {
    Object.assign(process.env, { TABLE_NAME: table, TIME_ZONE: stageNamed(stage).timeZone });
    return;
  }
  const local = readSystem(data);
  if (local.builtIn && !local.isRunning)
    throw new Stop(`Nothing runs on ${data}: \`npm start\` first, or say --table.`);
  const own = { AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const where = { TABLE_NAME: local.table, TIME_ZONE: local.timeZone, AWS_ENDPOINT_URL_DYNAMODB: local.dynamodb };
  Object.assign(process.env, own, where);
}

const lineOf = ({ name, by, at, why }: Off) =>
  by === undefined || at === undefined
    ? `${name} is off; which turn it was is not recorded: GET /v1/audit?subject=switches has all`
    : `${name} is off since ${new Date(at).toISOString()}, by ${by}: ${why}`;

/** Switches earning, spending, codes by SMS or a reaction off and on, for everybody, within a minute. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const wish = readWish();
  enter(wish);
  if (!('turn' in wish)) {
    const off = await listOff();
    console.log(off.length > 0 ? off.map(lineOf).join('\n') : 'All is on.');
    return;
  }
  const left = await turn(wish.turn);
  console.log(left.length > 0 ? `Off: ${left.join(', ')}. It takes up to half a minute.` : 'All is on.');
}

try {
  await main();
} catch (thrown) {
  console.error(`${messageOf(thrown)}\n${USAGE}`);
  process.exit(1);
}
