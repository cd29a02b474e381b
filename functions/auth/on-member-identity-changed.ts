import { followChange } from '../../shared/auth/change-notices.ts';
import { reaction } from '../../shared/events/reaction.ts';
import { idForm } from '../../shared/platform/forms.ts';

interface IdentityChanged {
  memberId: string;
  changeId: string;
}

/** What the event says; a mangled one fails, comes again, and ends with the dead letters. */
function read(detail: IdentityChanged | undefined): IdentityChanged {
  const { memberId, changeId }: Record<keyof IdentityChanged, unknown> = detail ?? { memberId: '', changeId: '' };
  if (typeof memberId !== 'string' || !idForm('mem').test(memberId))
    throw new Error('The event does not say a memberId.');
  if (typeof changeId !== 'string' || !idForm('chg').test(changeId))
    throw new Error('The event does not say a changeId.');
  return { memberId, changeId };
}

/** Tells the old contact of a member what became of their account. */
export const handler = reaction('auth/on-member-identity-changed', (detail: IdentityChanged | undefined) => {
  const { memberId, changeId } = read(detail);
  return followChange(memberId, changeId);
});
