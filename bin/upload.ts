import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { accessOf } from './tools/access.ts';
import { type Answer, type Api, openApi } from './tools/api.ts';
import { type CsvRequest, csvRequests } from './tools/csv-requests.ts';
import { showProgress } from './tools/progress.ts';
import { Stop } from './tools/stop.ts';

const USAGE = `npm run upload -- opening-balances FILE.csv [--dry-run] [--api URL] [--data .local]
npm run upload -- grants FILE.csv --batch NAME --reason TEXT [--dry-run] [--api URL] [--data .local]
Columns: phone, externalId or memberId; points; lastDay; currency. As whom: STAFF_ID and STAFF_SECRET, or the local run's.
Started again it goes on: a row that counts already is known. Ends with 0 when every row counts, 1 when one does not, 2 when it could not go on.`;

/** How many requests are under way at once. */
const AT_ONCE = 4;

interface Wish {
  path: string;
  file: string;
  api: Api;
}

/** What came of all requests so far. */
interface Sums {
  rows: number;
  accepted: number;
  known: number;
  refused: number;
  notValid: number;
  points: number;
}

function readWish(): Wish | undefined {
  const text = { type: 'string' } as const;
  const options = {
    'dry-run': { type: 'boolean', default: false },
    batch: text,
    reason: text,
    api: text,
    data: { ...text, default: '.local' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [kind, file, ...more] = positionals;
  const { batch, reason } = values;
  const isGrants = kind === 'grants' && batch !== undefined && reason !== undefined;
  const isOpening = kind === 'opening-balances' && batch === undefined && reason === undefined;
  if (file === undefined || more.length > 0 || !(isGrants || isOpening)) return undefined;
  const query = new URLSearchParams({
    ...(isGrants && { batch, reason }),
    ...(values['dry-run'] && { dryRun: 'true' }),
  });
  return { path: `/v1/${kind}?${query.toString()}`, file, api: openApi(accessOf('staff', values, process.env)) };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Told {
  line: number;
  column?: string | null;
  code?: string;
  outcome?: string;
  message?: { zh: string; en: string };
}

/** Adds an answer to the sums, and says what is wrong with which line of the file. */
function take({ status, body }: Answer, { lines }: CsvRequest, sums: Sums): void {
  const lineOf = ({ line }: Told) => lines[line - 1] ?? line;
  const rows = lines.length - 1;
  if (status === 400 && body['code'] === 'points.rows_invalid') {
    for (const one of body['errors'] as Told[]) {
      const column = one.column ? `, ${one.column}` : '';
      say(`line ${lineOf(one)}${column}: ${one.message?.en ?? ''} · ${one.message?.zh ?? ''}`);
    }
    sums.notValid += rows;
  } else if (status === 200) {
    const refused = (body['results'] as Told[]).filter(({ outcome }) => outcome === 'REFUSED');
    for (const one of refused) say(`line ${lineOf(one)}: ${one.code}`);
    for (const name of ['accepted', 'known', 'refused', 'points'] as const) sums[name] += Number(body[name]);
  } else {
    throw new Stop(`The API answered ${status}: ${JSON.stringify(body)}`);
  }
  sums.rows += rows;
}

function send({ api, path }: Wish, { text }: CsvRequest): Promise<Answer> {
  const key = createHash('sha256').update(`${path}\n${text}`).digest('base64url');
  return api.call('POST', path, { key, body: text });
}

/** Sends the file, a few requests at once, and takes the answers in the order of its lines. */
async function upload(wish: Wish): Promise<Sums> {
  const sums: Sums = { rows: 0, accepted: 0, known: 0, refused: 0, notValid: 0, points: 0 };
  const size = Math.max(1, statSync(wish.file).size);
  const bar = showProgress(process.stderr, 'rows');
  const underWay: { request: CsvRequest; answer: Promise<Answer> }[] = [];
  const takeOldest = async () => {
    const oldest = underWay.shift();
    if (!oldest) return;
    const answer = await oldest.answer;
    bar.end();
    take(answer, oldest.request, sums);
    bar.show(oldest.request.bytes / size, sums.rows);
  };
  const tooLong = (line: number) => {
    say(`line ${line}: Too long for any request · 行过长`);
    sums.rows += 1;
    sums.notValid += 1;
  };
  for await (const request of csvRequests(wish.file, tooLong)) {
    const answer = send(wish, request);
    answer.catch(() => undefined);
    underWay.push({ request, answer });
    if (underWay.length === AT_ONCE) await takeOldest();
  }
  while (underWay.length > 0) await takeOldest();
  bar.end();
  return sums;
}

/** Why it could not go on: a sentence, or for a mistake of ours where it was made. */
function sentenceFor(error: unknown): string {
  if (error instanceof Stop) return error.message;
  const { code = '', message, stack = message } = error as { code?: string; message: string; stack?: string };
  if (code.startsWith('ERR_PARSE_ARGS')) return `${message}\n${USAGE}`;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'The file is not UTF-8: save it as CSV UTF-8.';
  return ['ENOENT', 'EACCES', 'EISDIR'].includes(code) ? message : stack;
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return 0;
  }
  try {
    const wish = readWish();
    if (!wish) {
      console.error(USAGE);
      return 2;
    }
    const { rows, accepted, known, refused, notValid, points } = await upload(wish);
    say(
      `${rows} rows: ${accepted} accepted, ${known} known before, ${refused} refused, ${notValid} not taken; ${points} points`,
    );
    if (rows === 0) say('The file has no rows.');
    return rows > 0 && refused + notValid === 0 ? 0 : 1;
  } catch (error) {
    console.error(sentenceFor(error));
    return 2;
  }
}

process.exitCode = await main();
