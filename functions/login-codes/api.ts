import { loginCodesContract } from '../../shared/auth/contract.ts';
import { sendLoginCode, sendStepUpCode } from '../../shared/auth/send-login-code.ts';
import { serve } from '../../shared/http/api.ts';
import { requireOn } from '../../shared/http/switches.ts';
import { requireHuman } from '../../shared/providers/human-check.ts';

export const handler = serve(loginCodesContract, {
  send: async ({ body: { phone, deviceId, humanCheck }, address }) => {
    await requireOn('sms');
    await requireHuman(humanCheck);
    return { body: await sendLoginCode(phone, { address, deviceId }) };
  },

  sendStepUp: async ({ body: { deviceId, humanCheck } = {}, caller, address }) => {
    await requireOn('sms');
    await requireHuman(humanCheck);
    return { body: await sendStepUpCode(caller.memberId, { address, deviceId }) };
  },
});
