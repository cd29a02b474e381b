const PASSING =
  /InternalServerError|Unavailable|Throttl|Exceeded|Timeout|Abort|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT/;

/** Whether a service, or the way to it, is not available for the moment: what the SDK calls a fault of the server. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, code = '' } = error as { $fault?: string; code?: string };
  return $fault === 'server' || PASSING.test(`${error.name} ${code}`);
}
