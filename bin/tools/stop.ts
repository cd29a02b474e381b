/** The tool cannot go on: the message is one sentence for who started it, and says what to do. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
