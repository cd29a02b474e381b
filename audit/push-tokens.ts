import { ofType, type World } from './world.ts';

/** For so long a push token counts from when it was registered. */
const COUNTS_MS = 90 * 86_400_000;

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** When an id of ours was made: the first ten letters behind its prefix. */
function madeAt(id: string): number {
  return Array.from(id.slice(4, 14)).reduce((ms, letter) => ms * 32 + LETTERS.indexOf(letter), 0);
}

/** The push token of a session is the one that is said to be its own: no other session has it (INV-32). */
export function checkPushTokens(world: World): void {
  for (const { key, all } of ofType(world, 'session')) {
    const { push, pushId, pushDigest, memberId, sessionId } = all as Record<string, string>;
    if (push === undefined || madeAt(pushId ?? '') + COUNTS_MS <= world.at) continue;
    const holder = world.items.get(`PUSH-TOKEN#${pushDigest}/PUSH-TOKEN`);
    if (!holder) {
      world.report('INV-32', key, 'has a push token, and nothing says whose that is');
      continue;
    }
    const isOwn =
      holder.all['pushId'] === pushId && holder.all['memberId'] === memberId && holder.all['sessionId'] === sessionId;
    if (!isOwn) world.report('INV-32', key, `has a push token that ${holder.key} gives to another`);
  }
}
