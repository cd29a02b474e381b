import { loginCodesContract } from '../../shared/auth/contract.ts';
import { sendLoginCode } from '../../shared/auth/send-login-code.ts';
import { serve } from '../../shared/http/api.ts';
import { requireOn } from '../../shared/http/switches.ts';

export const handler = serve(loginCodesContract, {
  send: async ({ body: { phone, deviceId }, address }) => {
    await requireOn('sms');
    return { body: await sendLoginCode(phone, { address, deviceId }) };
  },
});
