import { loginCodesContract } from '../../shared/auth/contract.ts';
import { sendLoginCode } from '../../shared/auth/send-login-code.ts';
import { serve } from '../../shared/http/api.ts';

export const handler = serve(loginCodesContract, {
  send: async ({ body: { phone } }) => ({ body: await sendLoginCode(phone) }),
});
