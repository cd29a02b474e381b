import { reaction } from '../../shared/events/reaction.ts';
import { idForm } from '../../shared/platform/forms.ts';
import { finish } from '../../shared/privacy/privacy.ts';

/** Goes on with an erasure that stopped half way: the member who asked for it can ask no more. */
export const handler = reaction('privacy/on-member-erased', async (detail: { memberId: string } | undefined) => {
  const memberId: unknown = detail?.memberId;
  if (typeof memberId !== 'string' || !idForm('mem').test(memberId))
    throw new Error('The event does not say a memberId.');
  await finish(memberId);
});
