import { reaction } from '../../shared/events/reaction.ts';
import { currencyForm, idForm } from '../../shared/platform/forms.ts';
import { noteLot } from '../../shared/points/points.ts';

interface LotOpened {
  memberId: string;
  currency: string;
  lastDay: string;
  /** History: more of the same time may follow. */
  backfill?: boolean;
}

const FORM = {
  memberId: idForm('mem'),
  currency: currencyForm,
  lastDay: /^\d{4}-\d\d-\d\d$/,
};

/** What the event says; a mangled one fails, comes again, and ends with the dead letters. */
function read(detail: LotOpened | undefined): LotOpened {
  const wrong = Object.entries(FORM).find(([name, form]) => {
    const said: unknown = detail?.[name as keyof typeof FORM];
    return typeof said !== 'string' || !form.test(said);
  });
  if (!detail || wrong) throw new Error(`The event does not say a ${wrong?.[0]}.`);
  return detail;
}

/** Keeps the lapse calendar: whoever carries points of a day is found on it without a scan. */
export const handler = reaction('points/on-points-lot-opened', (detail: LotOpened | undefined) => {
  const { memberId, currency, lastDay, backfill } = read(detail);
  return noteLot({ memberId, currency }, lastDay, backfill === true);
});
