import { isRevoked } from '../../shared/auth/revocations.ts';
import { authorizerFor } from '../../shared/http/authorizer.ts';

/** Who stands at the front of the mall: members, and partner systems such as tills. */
export const handler = authorizerFor(['member', 'partner'], isRevoked);
