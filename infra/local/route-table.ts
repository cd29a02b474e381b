/** A route of the gateway: `GET /v1/orders/{orderId}` or `$default`. */
export interface Route<Target> {
  routeKey: string;
  target: Target;
}

export interface Match<Target> extends Route<Target> {
  /** The path's parameters, decoded. */
  parameters: Record<string, string>;
}

interface Pattern<Target> extends Route<Target> {
  method: string;
  segments: string[];
}

function patternOf<Target>(route: Route<Target>): Pattern<Target> {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { ...route, method, segments: path.split('/') };
}

/** Lower comes first: what is written out beats a parameter, a parameter beats a greedy one, a method beats ANY. */
function rank({ method, segments }: Pattern<unknown>): string {
  const kinds = segments.map((segment) => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0'));
  return kinds.join('') + (method === 'ANY' ? '1' : '0');
}

function parametersOf({ segments }: Pattern<unknown>, path: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    if (name && segment.endsWith('+}')) {
      const rest = path.slice(index).join('/');
      if (rest === '') return undefined;
      return { ...parameters, [name]: decodeURIComponent(rest) };
    }
    const part = path[index];
    if (part === undefined || (name ? part === '' : part !== segment)) return undefined;
    if (name) parameters[name] = decodeURIComponent(part);
  }
  return segments.length === path.length ? parameters : undefined;
}

/** Finds the route of a request as an HTTP API does; a path that is badly encoded throws a URIError. */
export function routeTable<Target>(
  routes: readonly Route<Target>[],
): (method: string, path: string) => Match<Target> | undefined {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter((route) => route !== fallback)
    .map(patternOf)
    .toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  return (method, path) => {
    const segments = path.split('/');
    for (const pattern of patterns) {
      if (pattern.method !== method && pattern.method !== 'ANY') continue;
      const parameters = parametersOf(pattern, segments);
      if (parameters) return { routeKey: pattern.routeKey, target: pattern.target, parameters };
    }
    return fallback && { ...fallback, parameters: {} };
  };
}
