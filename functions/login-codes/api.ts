import { serve } from '../../shared/http/api.ts';
import { loginCodesContract } from '../../shared/members/contract.ts';
import { sendLoginCode } from '../../shared/members/send-login-code.ts';

export const handler = serve(loginCodesContract, {
  send: async ({ body: { phone } }) => ({ body: await sendLoginCode(phone) }),
});
