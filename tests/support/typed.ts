import { pointsMall } from '../../client/points-mall.ts';

export type Typed = ReturnType<typeof pointsMall>;

/** The generated client, as whoever has this token: a program of an integrator, in so far as the compiler can see it. */
export function typed(api: string, token?: string): Typed {
  return pointsMall({ baseUrl: api, headers: token ? { authorization: `Bearer ${token}` } : {} });
}

/** A form is the one body that is not JSON by itself: openapi-fetch writes it as this. */
export function asForm(body: unknown): URLSearchParams {
  return new URLSearchParams(body as Record<string, string>);
}

/** What was answered, or the refusal as an error that a test shows. */
export async function answered<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (data === undefined) throw new Error(`${response.status} ${JSON.stringify(error)}`);
  return data;
}
