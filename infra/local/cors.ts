import type { Reply, Request } from './http-event.ts';

/** The `CorsConfiguration` of an HTTP API. */
export interface CorsConfiguration {
  AllowOrigins?: string[];
  AllowMethods?: string[];
  AllowHeaders?: string[];
  ExposeHeaders?: string[];
  AllowCredentials?: boolean;
  MaxAge?: number;
}

export interface Cors {
  /** The answer to a preflight, which no route and no authorizer ever sees. */
  preflight(request: Request): Reply | undefined;
  /** The answer with the API's own CORS headers in the place of the function's. */
  shape(request: Request, reply: Reply): Reply;
}

/** A pattern of an allowed origin: written out, `*`, or with a star for a part of it. */
function allows(pattern: string, origin: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after === undefined ? pattern === origin : origin.startsWith(before) && origin.endsWith(after);
}

/** Without a configuration nothing is added and OPTIONS is a method like any other. */
export function openCors(configuration: CorsConfiguration | undefined): Cors {
  if (!configuration) return { preflight: () => undefined, shape: (_, reply) => reply };
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [], MaxAge } = configuration;

  function common({ headers }: Request): Record<string, string> {
    const origin = headers['origin'] ?? '';
    if (origin === '' || !AllowOrigins.some((pattern) => allows(pattern, origin))) return {};
    const all = AllowOrigins.includes('*') && !configuration?.AllowCredentials;
    return {
      'access-control-allow-origin': all ? '*' : origin,
      ...(!all && { vary: 'Origin' }),
      ...(configuration?.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    };
  }

  return {
    preflight(request) {
      const asks = request.headers['origin'] && request.headers['access-control-request-method'];
      if (request.method !== 'OPTIONS' || !asks) return undefined;
      const granted = common(request);
      const more = {
        'access-control-allow-methods': AllowMethods.join(','),
        'access-control-allow-headers': AllowHeaders.join(','),
        ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
      };
      const headers = 'access-control-allow-origin' in granted ? { ...granted, ...more } : {};
      return { statusCode: 204, headers, cookies: [], body: Buffer.alloc(0) };
    },
    shape(request, reply): Reply {
      const own = Object.entries(reply.headers).filter(([name]) => !name.startsWith('access-control-'));
      const granted = common(request);
      const headers: Record<string, string> = { ...Object.fromEntries(own), ...granted };
      const exposes = 'access-control-allow-origin' in granted && ExposeHeaders.length > 0;
      if (exposes) headers['access-control-expose-headers'] = ExposeHeaders.join(',');
      return { ...reply, headers };
    },
  };
}
