import { isRevoked } from '../../shared/auth/revocations.ts';
import { authorizerFor } from '../../shared/http/authorizer.ts';

/** Staff have an authorizer of their own. */
export const handler = authorizerFor(['staff'], isRevoked);
