import { styleText } from 'node:util';
import type { Line } from './run-log.ts';

/** A line that one of our functions logged as JSON, and whatever else it printed as a bare message. */
export interface Said {
  level: string;
  message: string;
  /** All that it says beside the message, without what is the same on every line. */
  facts: Record<string, unknown>;
}

const EVERYWHERE =
  /^(level|message|timestamp|service|sampling_rate|cold_start|function_\w+|xray_trace_id|requestId|eventId)$/;

/** Reads what a function printed. */
export function saidIn(text: string): Said {
  try {
    const all = JSON.parse(text) as ({ message?: unknown; level?: unknown } & Record<string, unknown>) | null;
    if (typeof all?.message !== 'string') return { level: '', message: text, facts: {} };
    const facts = Object.fromEntries(Object.entries(all).filter(([name]) => !EVERYWHERE.test(name)));
    const { level, message } = all;
    return { level: typeof level === 'string' ? level : '', message, facts };
  } catch {
    return { level: '', message: text, facts: {} };
  }
}

const COLOURS = ['cyan', 'green', 'magenta', 'blue', 'yellow', 'cyanBright', 'greenBright', 'magentaBright'] as const;

type Style = Parameters<typeof styleText>[0];

/** In colour where somebody looks: never with NO_COLOR, never into a file or a pipe. */
export function painted(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** A function's name in the colour that is always its own. */
export function paintedName(name: string): string {
  const sum = Buffer.from(name).reduce((total, byte) => total + byte, 0);
  return painted(COLOURS[sum % COLOURS.length] ?? 'cyan', name);
}

/** A status in the colour of its meaning. */
function paintedStatus(status: number): string {
  return painted(status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green', String(status));
}

/** `POST /v1/orders → 201, 85 ms`: what the gateway has to say of a request. */
export function requestLine({ method, path, status, ms, error }: Extract<Line, { kind: 'request' }>): string {
  return `${method} ${path} → ${paintedStatus(status)}, ${ms} ms${error ? `: ${painted('red', error)}` : ''}`;
}

/** `OrdersApi, 61 ms, cold start 240 ms`: what became of a call of a function. */
export function callLine({ function: name, ms, coldMs, failed }: Extract<Line, { kind: 'call' }>): string {
  const cold = coldMs === undefined ? '' : `, ${painted('yellow', `cold start ${coldMs} ms`)}`;
  return `${paintedName(name)}, ${ms} ms${cold}${failed ? `: ${painted('red', failed)}` : ''}`;
}

/** `INFO written {"keys":[…]}`: what a function says, for a reader. */
export function saidLine(text: string): string {
  const { level, message, facts } = saidIn(text);
  const style: Style = level === 'ERROR' ? 'red' : level === 'WARN' ? 'yellow' : 'dim';
  const rest = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  return `${level === '' ? '' : `${painted(style, level)} `}${message}${rest}`;
}

/** One line of the log for somebody who reads along. */
export function readable(line: Line): string {
  const at = painted('dim', line.at.slice(11, 23));
  if (line.kind === 'request') return `${at} ${requestLine(line)}  ${painted('dim', line.requestId)}`;
  if (line.kind === 'call') return `${at} ${callLine(line)}`;
  return `${at} ${paintedName(line.function)} ${saidLine(line.text)}`;
}
