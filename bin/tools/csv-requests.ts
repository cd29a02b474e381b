import { createReadStream } from 'node:fs';

const MAX_ROWS = 50;
/** The API takes bodies up to 64 KB. */
const MAX_BYTES = 60_000;

/** A part of a file that one request carries: the file's header and some of its rows. */
export interface CsvRequest {
  text: string;
  /** In which line of the file each line of the text stands. */
  lines: number[];
  /** How many bytes of the file have been read up to here. */
  bytes: number;
}

/** One line of the file; one that no request can carry has no text. */
interface FileLine {
  line: number;
  text: string | undefined;
  bytes: number;
}

/** The lines of a file of any size, one after the other; a line without an end does not fill the memory. */
async function* linesOf(file: string): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [line, rest, isTooLong, bytes] = [0, '', false, 0];
  for await (const part of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    rest += decoder.decode(part, { stream: true });
    // A carriage return at the very end may be half an end of line.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + rest.slice(whole.length);
    for (const text of lines) {
      line += 1;
      yield { line, text: isTooLong || Buffer.byteLength(text) > MAX_BYTES / 2 ? undefined : text, bytes };
      isTooLong = false;
    }
    if (rest.length > MAX_BYTES) [rest, isTooLong] = ['', true];
  }
  rest += decoder.decode();
  if (rest.trim() !== '' || isTooLong) yield { line: line + 1, text: isTooLong ? undefined : rest.trimEnd(), bytes };
}

/** A file as requests of at most 50 rows, each under the file's header. `tooLong` is told of lines that fit in none. */
export async function* csvRequests(file: string, tooLong: (line: number) => void): AsyncGenerator<CsvRequest> {
  let header: FileLine | undefined;
  let rows: FileLine[] = [];
  let size = 0;
  const request = (): CsvRequest => ({
    text: [header, ...rows].map((one) => one?.text).join('\n'),
    lines: [header?.line ?? 1, ...rows.map(({ line }) => line)],
    bytes: rows.at(-1)?.bytes ?? header?.bytes ?? 0,
  });
  for await (const one of linesOf(file)) {
    if (one.text?.trim() === '') continue;
    if (one.text === undefined) tooLong(one.line);
    else if (header === undefined) [header, size] = [one, Buffer.byteLength(one.text)];
    else {
      const more = Buffer.byteLength(one.text) + 1;
      if (rows.length === MAX_ROWS || (rows.length > 0 && size + more > MAX_BYTES)) {
        yield request();
        [rows, size] = [[], Buffer.byteLength(header.text ?? '')];
      }
      rows.push(one);
      size += more;
    }
  }
  if (rows.length > 0) yield request();
}
