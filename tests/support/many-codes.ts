import { randomInt } from 'node:crypto';
import { vi } from 'vitest';
import { loginCodesContract } from '../../shared/auth/contract.ts';
import { call } from './call.ts';
import { clock, inbox } from './mall.ts';

interface Flood {
  sends: number;
  addresses: number;
  phones: number;
  /** When it begins; each phone is asked for again a minute later. */
  at: string;
}

/** How the asked for were answered, and how many messages went out. */
export interface Flooded {
  statuses: Record<string, number>;
  messages: number;
}

const AT_ONCE = 50;

/**
 * Asks for so many codes from so many addresses to so many phones whose numbers begin alike. Half way the function
 * starts anew and knows nothing of before.
 */
export async function flood({ sends, addresses, phones, at }: Flood): Promise<Flooded> {
  const area = `138${String(randomInt(10_000)).padStart(4, '0')}`;
  const numbers = Array.from({ length: phones }, (_, i) => `${area}${String(i).padStart(4, '0')}`);
  const statuses: Record<string, number> = {};
  // The inbox keeps only the newest: what was there is counted as it comes.
  let messages = 0;
  for (let sent = 0; sent < sends; sent += AT_ONCE) {
    if (sent === Math.floor(sends / 2 / AT_ONCE) * AT_ONCE) vi.resetModules();
    clock(new Date(Date.parse(at) + Math.floor(sent / phones) * 60_000).toISOString());
    inbox.length = 0;
    const answers = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, sends - sent) }, (_, i) => {
        const n = (sent + i) % addresses;
        const address = `198.51.${Math.floor(n / 250)}.${(n % 250) + 1}`;
        return call(loginCodesContract, 'send', { body: { phone: numbers[(sent + i) % phones] }, address });
      }),
    );
    for (const { status, body } of answers) {
      const told = [status, body.code].filter(Boolean).join(' ');
      statuses[told] = (statuses[told] ?? 0) + 1;
    }
    messages += inbox.filter(({ to }) => to.startsWith(`+86${area}`)).length;
  }
  return { statuses, messages };
}
