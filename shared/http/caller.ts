import * as z from 'zod';

/**
 * Who calls, as their token says. `id` tells callers apart: it is part of every id that is made under a key. Staff are a
 * person, who has a session, or a client that acts for itself.
 */
export type Caller =
  | { kind: 'member'; id: string; sessionId: string; memberId: string }
  | { kind: 'partner'; id: string; clientId: string; grants: readonly string[] }
  | { kind: 'staff'; id: string; sessionId: string; grants: readonly string[] };

export type CallerOf<Kind extends string> = Extract<Caller, { kind: Kind }>;

/** What an authorizer tells the function behind it: who calls, or why nobody may. API Gateway carries it as strings. */
export const authorizerContext = z.union([
  z.object({
    problem: z.enum([
      'auth.token_invalid',
      'auth.token_expired',
      'auth.token_revoked',
      'auth.forbidden',
      'auth.unavailable',
    ]),
  }),
  z.object({
    kind: z.enum(['member', 'partner', 'staff']),
    id: z.string().min(1),
    sessionId: z.string(),
    grants: z.string(),
    expiresAt: z.coerce.number().int(),
  }),
]);

export type AuthorizerContext = z.infer<typeof authorizerContext>;
