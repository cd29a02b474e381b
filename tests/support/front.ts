import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { afterAll, beforeAll } from 'vitest';
import { handler as clients } from '../../functions/authorizer/clients.ts';
import { handler as staff } from '../../functions/authorizer/staff.ts';
import { baseEvent, bodyOf, ownReply, type Reply, type Request, replyOf } from '../../infra/local/http-event.ts';
import { type HttpServer, serve } from '../../infra/local/http-server.ts';
import { routeTable } from '../../infra/local/route-table.ts';
import { contracts } from '../../shared/contracts.ts';
import { contextWith } from './call.ts';

interface Target {
  name: string;
  auth: 'none' | 'member' | 'partner' | 'staff';
}

type Handler = (event: object, context: object) => Promise<unknown>;

async function authorization({ auth }: Target, event: object, header: string) {
  if (auth === 'none') return undefined;
  const authorizer = auth === 'staff' ? staff : clients;
  const asked = { ...event, identitySource: [header] } as unknown as APIGatewayRequestAuthorizerEventV2;
  return (await authorizer(asked, contextWith())).context;
}

/** The API over HTTP with every function inside this process: what a client of its own process is tested against. */
export function openFront(): { url: string; requests: number } {
  const held = { url: '', requests: 0 };
  const find = routeTable<Target>([
    ...contracts.flatMap(({ name, rows }) =>
      Object.values(rows).map(({ method, path, auth }) => ({ routeKey: `${method} ${path}`, target: { name, auth } })),
    ),
    { routeKey: '$default', target: { name: 'front-door', auth: 'none' } },
  ]);
  async function answer(request: Request): Promise<Reply> {
    held.requests += 1;
    let match: ReturnType<typeof find>;
    try {
      match = find(request.method, request.path);
    } catch {
      return ownReply(400, 'Bad Request');
    }
    if (!match) return ownReply(404, 'Not Found');
    const header = request.headers['authorization'] ?? '';
    if (match.target.auth !== 'none' && header === '') return ownReply(401, 'Unauthorized');
    const event = baseEvent(request, match.routeKey, match.parameters, 'front', Date.now());
    const lambda = await authorization(match.target, event, header);
    const requestContext = { ...event.requestContext, ...(lambda && { authorizer: { lambda } }) };
    const module = (await import(`../../functions/${match.target.name}/api.ts`)) as { handler: Handler };
    const answered = await module.handler(
      { ...event, requestContext, ...bodyOf(request) },
      { awsRequestId: request.id, getRemainingTimeInMillis: () => 10_000 },
    );
    return replyOf(answered);
  }
  let server: HttpServer | undefined;
  beforeAll(async () => {
    server = await serve({ port: 0, maxBodyBytes: 1_000_000, answer, complain: (line) => console.error(line) });
    held.url = server.url;
  });
  afterAll(() => server?.stop());
  return held;
}
