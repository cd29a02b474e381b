/** The start, or a request of the operator, cannot be granted: the message is one sentence that says what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's code of an error (`ENOENT`, `EADDRINUSE`), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}
