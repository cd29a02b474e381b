/** The only reader of the wall clock: now, in epoch milliseconds. */
export function now(): number {
  return Date.now();
}

/** Milliseconds that only ever pass: for waiting and for the age of what is cached, never for what is written. */
export function elapsed(): number {
  return performance.now();
}

/** ISO 8601 in UTC with milliseconds, the form in which every instant leaves the house. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
