import { readFileSync } from 'node:fs';
import type said from './error-titles.json';
import type { Bilingual } from './platform/bilingual.ts';

export interface ErrorRow {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;
  /** Seconds to wait, sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Something moved under our feet: read and decide again; when tries run out the caller is told this code instead. */
  again?: string;
}

/** Every way to be refused. `code` is stable; its title, in error-titles.json, may be reworded. */
export const errors = {
  // any request
  'request.malformed': { status: 400 },
  'request.invalid': { status: 400 },
  'request.key_missing': { status: 400 },
  'request.key_invalid': { status: 400 },
  'request.key_reused': { status: 422 },
  'request.cursor_invalid': { status: 400 },
  'request.unknown_path': { status: 404 },
  'request.unknown_method': { status: 405 },
  'request.too_large': { status: 413 },
  'request.media_type': { status: 415 },
  'request.busy': { status: 503, retryAfterSeconds: 1 },
  'request.too_many': { status: 429 },
  'request.failed': { status: 500 },
  'mall.switched_off': { status: 503, retryAfterSeconds: 60 },
  'table.conflict': { status: 503, again: 'request.busy' },

  // who is calling
  'auth.token_missing': { status: 401 },
  'auth.token_invalid': { status: 401 },
  'auth.token_expired': { status: 401 },
  'auth.token_revoked': { status: 401 },
  'auth.forbidden': { status: 403 },
  'auth.unavailable': {
    status: 503,
    // For so long the gateway goes by what an authorizer said.
    retryAfterSeconds: 30,
  },

  // members
  'auth.code_too_soon': { status: 429, retryAfterSeconds: 60 },
  'auth.human_check': { status: 403 },
  'auth.code_budget': { status: 429, retryAfterSeconds: 3_600 },
  'auth.code_not_sent': { status: 503, retryAfterSeconds: 60 },
  'auth.code_invalid': { status: 401 },
  'auth.step_up_invalid': { status: 401 },
  'auth.provider_code_invalid': { status: 401 },
  'auth.provider_not_offered': { status: 404 },
  'auth.provider_busy': { status: 503, retryAfterSeconds: 5 },
  'auth.session_ended': { status: 401 },
  'auth.login_too_old': { status: 403 },
  'auth.session_not_found': { status: 404 },
  'auth.session_moved': { status: 503, again: 'request.busy' },
  'members.not_found': { status: 404 },
  'members.look_ups_too_many': { status: 429, retryAfterSeconds: 3_600 },
  'members.erased': { status: 410 },
  'members.identity_taken': { status: 503, again: 'request.busy' },

  'members.moved': { status: 503, again: 'request.busy' },
  'members.phone_taken': { status: 409 },
  'members.identity_of_another': { status: 409 },
  'members.identity_last': { status: 409 },
  'members.phone_missing': { status: 409 },
  'members.spending_held': { status: 409 },
  'members.phone_free': { status: 409 },
  'members.phone_bound': { status: 409 },
  'members.birthday_set': { status: 409 },
  'members.birthday_in_future': { status: 409 },
  'members.consent_missing': { status: 409 },
  'members.consents_too_many': { status: 429, retryAfterSeconds: 60 },
  'members.address_not_found': { status: 404 },
  'members.identities_full': { status: 409 },
  'members.addresses_full': { status: 409 },
  'members.upload_not_found': { status: 404 },
  'members.picture_invalid': { status: 422 },

  'members.same_member': { status: 409 },
  'members.merged': { status: 409 },

  'members.code_invalid': { status: 409 },

  // privacy
  'privacy.order_open': { status: 409 },
  'privacy.hold_open': { status: 409 },
  'privacy.exports_too_many': { status: 429, retryAfterSeconds: 3_600 },
  'privacy.moved': { status: 503, again: 'request.busy' },

  // staff
  'staff.moved': { status: 503, again: 'request.busy' },
  'staff.login_failed': { status: 401 },
  'staff.locked': { status: 429, retryAfterSeconds: 30 },
  'staff.session_ended': { status: 401 },
  'staff.name_taken': { status: 409 },
  'staff.not_found': { status: 404 },
  'staff.not_enrolled': { status: 409 },
  'staff.oneself': { status: 409 },
  'staff.invitation_invalid': { status: 401 },
  'staff.code_wrong': { status: 409 },
  'staff.password_common': { status: 409 },
  'staff.first_owner_refused': { status: 401 },
  'staff.approval_needed': { status: 409 },
  'staff.approval_not_found': { status: 404 },
  'staff.approval_own': { status: 409 },
  'staff.approval_decided': { status: 409 },

  // partners
  'partners.client_exists': { status: 409 },
  'partners.client_not_found': { status: 404 },
  'partners.grants_unknown': { status: 400 },
  'partners.secrets_full': { status: 409 },
  'partners.secret_last': { status: 409 },
  'partners.secret_not_found': { status: 404 },
  'partners.moved': { status: 503, again: 'request.busy' },

  'webhooks.not_found': { status: 404 },
  'webhooks.too_many': { status: 409 },
  'webhooks.events_unknown': { status: 400 },
  'webhooks.address_refused': { status: 400 },
  'webhooks.closed': { status: 409 },
  'webhooks.known': { status: 409 },
  'webhooks.moved': { status: 503, again: 'request.busy' },

  // programme
  'programme.moved': { status: 409 },
  'programme.invalid': { status: 400 },
  'programme.zone_fixed': { status: 409 },

  // points
  'points.insufficient': { status: 409 },
  'points.limit': { status: 409 },
  'points.moved': { status: 503, again: 'points.busy' },
  'points.lapse_noted': { status: 409 },
  'points.busy': { status: 503, retryAfterSeconds: 1 },
  'points.too_many_lots': { status: 409 },
  'points.frozen': { status: 409 },
  'points.not_frozen': { status: 409 },
  'points.lapsed_day': { status: 409 },
  'points.adjustment_not_found': { status: 404 },
  'points.adjustment_undone': { status: 409 },
  'points.in_debt': { status: 409 },
  'points.hold_open': { status: 409 },
  'points.hold_not_found': { status: 404 },
  'points.hold_ended': { status: 409 },
  'points.hold_exceeded': { status: 409 },
  'points.too_many_holds': { status: 409 },
  'points.hold_moved': { status: 503, again: 'points.busy' },
  'points.rows_invalid': { status: 400 },
  'points.row_reused': { status: 422 },
  'points.to_oneself': { status: 409 },
  'points.transfer_limit': { status: 409 },
  'points.exchange_unknown': { status: 409 },
  'points.exchange_too_little': { status: 409 },
  'points.too_many_movements': { status: 429, retryAfterSeconds: 60 },

  // earning
  'purchases.number_reused': { status: 422 },
  'purchases.not_found': { status: 404 },
  'purchases.too_old': { status: 409 },
  'purchases.in_future': { status: 409 },
  'purchases.moved': { status: 503, again: 'request.busy' },
  'purchases.lines_wrong': { status: 409 },
  'purchases.return_not_found': { status: 404 },
  'purchases.return_reused': { status: 422 },
  'purchases.return_exceeds': { status: 409 },
  'purchases.return_closed': { status: 409 },
  'purchases.return_too_early': { status: 409 },

  // catalog
  'catalog.not_found': { status: 404 },
  'catalog.off_shelf': { status: 409 },
  'catalog.sold_out': { status: 409 },
  'catalog.price_changed': { status: 409 },
  'catalog.moved': { status: 503, again: 'request.busy' },

  // orders
  'orders.already_placed': { status: 422 },
  'orders.not_found': { status: 404 },
  'orders.wrong_status': { status: 409 },
  'orders.open_orders': { status: 409 },
  'orders.moved': { status: 503, again: 'request.busy' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errors;

/** Refusals that any route may answer, without saying so in its row. */
export const general = [
  'request.malformed',
  'request.invalid',
  'request.key_missing',
  'request.key_invalid',
  'request.too_large',
  'request.media_type',
  'request.too_many',
  'request.busy',
  'request.failed',
  'auth.token_missing',
  'auth.token_invalid',
  'auth.token_expired',
  'auth.token_revoked',
  'auth.forbidden',
  'auth.unavailable',
] as const satisfies readonly ErrorCode[];

/** A decided "no": a row of `errors` with details that help the caller. Nothing was written. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, details: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The row of a code, widened so that optional fields can be read. */
export function errorRow(code: ErrorCode): ErrorRow {
  return errors[code];
}

let titles: Record<ErrorCode, Bilingual> | undefined;

/** What a code is in words. They lie beside the code, and are read when the first refusal is answered. */
export function titleOf(code: ErrorCode): Bilingual {
  titles ??= JSON.parse(readFileSync(new URL('error-titles.json', import.meta.url), 'utf8')) as typeof said;
  return titles[code];
}
