import type { Bilingual } from './platform/bilingual.ts';

export interface ErrorRow {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;
  title: Bilingual;
  /** Seconds to wait, sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Something moved under our feet: read and decide again; when tries run out the caller is told this code instead. */
  again?: string;
}

const busy = { zh: '系统繁忙，请稍后重试', en: 'Busy; please try again shortly' };
const accountBusy = { zh: '账户正忙，请稍后重试', en: 'The account is busy; please try again shortly' };

/** Every way to be refused. `code` is stable; titles may be reworded. */
export const errors = {
  // any request
  'request.malformed': {
    status: 400,
    title: { zh: '请求体无法解析', en: 'The body is not what its Content-Type says' },
  },
  'request.invalid': { status: 400, title: { zh: '请求参数有误', en: 'The request is not valid' } },
  'request.key_missing': {
    status: 400,
    title: { zh: '缺少 Idempotency-Key 请求头', en: 'The Idempotency-Key header is missing' },
  },
  'request.key_invalid': {
    status: 400,
    title: {
      zh: 'Idempotency-Key 须为 1 至 128 个可见 ASCII 字符',
      en: 'Idempotency-Key must be 1 to 128 visible ASCII characters',
    },
  },
  'request.key_reused': {
    status: 422,
    title: { zh: '该 Idempotency-Key 已用于另一请求', en: 'This Idempotency-Key was used for another request' },
  },
  'request.cursor_invalid': { status: 400, title: { zh: '游标无效', en: 'The cursor is not valid' } },
  'request.unknown_path': { status: 404, title: { zh: '没有这个路径', en: 'There is no such path' } },
  'request.unknown_method': {
    status: 405,
    title: { zh: '该路径不支持此方法', en: 'This path does not take this method' },
  },
  'request.too_large': { status: 413, title: { zh: '请求体超过 64 KB', en: 'The body is larger than 64 KB' } },
  'request.media_type': {
    status: 415,
    title: { zh: '不支持的 Content-Type', en: 'This Content-Type is not supported here' },
  },
  'request.busy': {
    status: 503,
    title: busy,
    retryAfterSeconds: 1,
  },
  'request.too_many': {
    status: 429,
    title: { zh: '请求过于频繁，请稍后再试', en: 'Too many requests in this minute' },
  },
  'request.failed': {
    status: 500,
    title: {
      zh: '系统内部错误，可原样重新提交',
      en: 'Something failed on our side; the same request may be sent again',
    },
  },
  'mall.switched_off': {
    status: 503,
    title: { zh: '该功能暂停使用，请稍后再试', en: 'Switched off for the moment; please come back later' },
    retryAfterSeconds: 60,
  },
  'table.conflict': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  // who is calling
  'auth.token_missing': { status: 401, title: { zh: '请先登录', en: 'Please log in' } },
  'auth.token_invalid': { status: 401, title: { zh: '登录凭证无效', en: 'The access token is not valid' } },
  'auth.token_expired': { status: 401, title: { zh: '登录凭证已过期', en: 'The access token has expired' } },
  'auth.token_revoked': {
    status: 401,
    title: { zh: '登录已被终止，请重新登录', en: 'This login was ended; please log in' },
  },
  'auth.forbidden': { status: 403, title: { zh: '没有权限', en: 'Not permitted' } },
  'auth.unavailable': {
    status: 503,
    title: { zh: '暂时无法核验登录，请稍后再试', en: 'Logins cannot be checked now; please come back later' },
    // For so long the gateway goes by what an authorizer said.
    retryAfterSeconds: 30,
  },

  // members
  'auth.code_too_soon': {
    status: 429,
    title: { zh: '验证码发送过于频繁', en: 'Codes are asked for too often' },
    retryAfterSeconds: 60,
  },
  'auth.human_check': { status: 403, title: { zh: '请先完成人机验证', en: 'Please show that you are a person' } },
  'auth.code_budget': {
    status: 429,
    title: { zh: '验证码发送额度已用完，请稍后再试', en: 'No more codes are sent for now' },
    retryAfterSeconds: 3_600,
  },
  'auth.code_not_sent': {
    status: 503,
    title: { zh: '短信暂时无法发送', en: 'The message could not be sent' },
    retryAfterSeconds: 60,
  },
  'auth.code_invalid': { status: 401, title: { zh: '验证码错误或已失效', en: 'The code is wrong or no longer valid' } },
  'auth.step_up_invalid': {
    status: 401,
    title: {
      zh: '二次验证未通过：请输入发送到原手机号的验证码，或使用已绑定满 24 小时的第三方账号',
      en: 'The step-up does not count: give the code that was sent to the phone you have, or a provider bound for a day',
    },
  },
  'auth.provider_code_invalid': {
    status: 401,
    title: {
      zh: '授权码无效、已使用或已过期，请重新授权',
      en: 'The provider does not take this code; ask it for a new one',
    },
  },
  'auth.provider_not_offered': {
    status: 404,
    title: { zh: '本商城未开通这种第三方登录', en: 'This mall does not offer this provider' },
  },
  'auth.provider_busy': {
    status: 503,
    title: { zh: '第三方登录暂时不可用，请稍后重试', en: 'The provider cannot answer now; please try again shortly' },
    retryAfterSeconds: 5,
  },
  'auth.session_ended': {
    status: 401,
    title: { zh: '会话已结束，请重新登录', en: 'The session has ended; please log in' },
  },
  'auth.login_too_old': {
    status: 403,
    title: { zh: '请重新登录后再进行此操作', en: 'Please log in again and repeat this' },
  },
  'auth.session_not_found': { status: 404, title: { zh: '没有这个会话', en: 'There is no such session' } },
  'auth.session_moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },
  'members.not_found': { status: 404, title: { zh: '没有这个会员', en: 'There is no such member' } },
  'members.erased': { status: 410, title: { zh: '该会员已注销', en: 'This member was erased' } },
  'members.identity_taken': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  'members.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },
  'members.phone_taken': {
    status: 409,
    title: {
      zh: '该手机号已属于另一账户：可凭该手机号的验证码将当前账户合并到该账户',
      en: 'This phone belongs to another account: merge this one into it, by a code sent there (POST /v1/me/merges)',
    },
  },
  'members.identity_of_another': {
    status: 409,
    title: {
      zh: '该第三方账号已属于另一账户：请用其登录，再凭本账户手机号的验证码合并到本账户',
      en: 'This belongs to another account: log in by it, and merge that one into this by a code sent to its phone',
    },
  },
  'members.identity_last': {
    status: 409,
    title: { zh: '这是最后一种登录方式，请先绑定手机号', en: 'Nothing would be left to log in by; bind a phone first' },
  },
  'members.phone_missing': {
    status: 409,
    title: { zh: '该账户尚无手机号，请先绑定手机号', en: 'This account has no phone yet; bind one first' },
  },
  'members.spending_held': {
    status: 409,
    title: {
      zh: '登录方式变更后 24 小时内不能使用积分；如非本人操作，请联系客服',
      en: 'Points cannot be used for 24 hours after a change of how you log in; if it was not you, contact support',
    },
  },
  'members.phone_free': {
    status: 409,
    title: {
      zh: '该手机号尚无账户，可直接绑定',
      en: 'No account has this phone: it is simply bound (POST /v1/me/phone)',
    },
  },
  'members.phone_bound': {
    status: 409,
    title: { zh: '该账户已绑定其他手机号', en: 'This account has another phone already' },
  },
  'members.birthday_set': {
    status: 409,
    title: { zh: '生日一年内只能修改一次', en: 'The birthday was set less than a year ago' },
  },
  'members.birthday_in_future': { status: 409, title: { zh: '生日晚于今天', en: 'The birthday lies in the future' } },
  'members.consent_missing': {
    status: 409,
    title: { zh: '需要先同意相应的授权', en: 'The member has not agreed to this purpose' },
  },
  'members.consents_too_many': {
    status: 429,
    title: { zh: '授权变更过于频繁，请稍后重试', en: 'Too many answers in a day; try later' },
    retryAfterSeconds: 60,
  },
  'members.address_not_found': { status: 404, title: { zh: '没有这个地址', en: 'There is no such address' } },
  'members.identities_full': {
    status: 409,
    title: { zh: '绑定的第三方账号已达上限', en: 'No more can be bound to this account' },
  },
  'members.addresses_full': { status: 409, title: { zh: '地址数量已达上限', en: 'The address book is full' } },
  'members.upload_not_found': {
    status: 404,
    title: { zh: '没有这次上传，或文件尚未传完', en: 'There is no such upload, or its file has not arrived' },
  },
  'members.picture_invalid': {
    status: 422,
    title: { zh: '图片格式或尺寸不符', en: 'The file is not a picture of its type and of a fitting size' },
  },

  'members.same_member': { status: 409, title: { zh: '不能与自身合并', en: 'Nobody is merged into themselves' } },
  'members.merged': { status: 409, title: { zh: '该会员已被合并', en: 'This member was merged already' } },

  'members.code_invalid': {
    status: 409,
    title: { zh: '会员码无效、已使用或已过期', en: 'The member code is wrong, used, or too old' },
  },

  // privacy
  'privacy.order_open': {
    status: 409,
    title: { zh: '有未完成的订单，暂不能注销', en: 'Not while an order is under way' },
  },
  'privacy.hold_open': {
    status: 409,
    title: { zh: '有未结束的预扣，暂不能注销', en: 'Not while points are held' },
  },
  'privacy.exports_too_many': {
    status: 429,
    title: { zh: '今日导出次数已达上限', en: 'As many exports as a day has were made already' },
    retryAfterSeconds: 3_600,
  },
  'privacy.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  // staff
  'staff.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },
  'staff.login_failed': {
    status: 401,
    title: { zh: '用户名、密码或验证码错误', en: 'User name, password or code is wrong' },
  },
  'staff.locked': {
    status: 429,
    title: { zh: '尝试次数过多，请稍后再试', en: 'Too many wrong tries; please wait' },
    retryAfterSeconds: 30,
  },
  'staff.session_ended': {
    status: 401,
    title: { zh: '会话已结束，请重新登录', en: 'The session has ended; please log in' },
  },
  'staff.name_taken': { status: 409, title: { zh: '用户名已被使用', en: 'This user name is taken' } },
  'staff.not_found': { status: 404, title: { zh: '没有这名员工', en: 'There is no such person' } },
  'staff.not_enrolled': {
    status: 409,
    title: { zh: '该员工尚未完成启用', en: 'This person has not accepted the invitation yet' },
  },
  'staff.oneself': { status: 409, title: { zh: '不能对自己执行此操作', en: 'Nobody does this to themselves' } },
  'staff.invitation_invalid': {
    status: 401,
    title: { zh: '邀请无效、已使用或已过期', en: 'The invitation is wrong, used, or too old' },
  },
  'staff.code_wrong': { status: 409, title: { zh: '动态验证码错误', en: 'The code of the authenticator is wrong' } },
  'staff.password_common': {
    status: 409,
    title: { zh: '密码太常见或包含用户名', en: 'The password is too common, or holds the user name' },
  },
  'staff.first_owner_refused': {
    status: 401,
    title: { zh: '密钥错误，或首位所有者已存在', en: 'The secret is wrong, or there is a first owner already' },
  },
  'staff.approval_needed': {
    status: 409,
    title: { zh: '此操作须由另一人批准', en: 'This takes the approval of a second person' },
  },
  'staff.approval_not_found': { status: 404, title: { zh: '没有这项待批操作', en: 'There is no such proposal' } },
  'staff.approval_own': {
    status: 409,
    title: { zh: '不能批准自己提出或涉及自己的操作', en: 'Nobody approves what they proposed, or what is about them' },
  },
  'staff.approval_decided': {
    status: 409,
    title: { zh: '该操作已被批准、驳回或已过期', en: 'It was approved or rejected already, or is too old' },
  },

  // partners
  'partners.client_exists': { status: 409, title: { zh: '客户端已存在', en: 'This client exists already' } },
  'partners.client_not_found': { status: 404, title: { zh: '没有这个客户端', en: 'There is no such client' } },
  'partners.grants_unknown': {
    status: 400,
    title: { zh: '该类客户端不能有这些权限', en: 'A client of this kind cannot have these grants' },
  },
  'partners.secrets_full': {
    status: 409,
    title: { zh: '客户端已有两个密钥，请先删除一个', en: 'The client has two secrets; remove one first' },
  },
  'partners.secret_last': {
    status: 409,
    title: { zh: '启用的客户端须至少有一个密钥', en: 'A client that is enabled keeps a secret' },
  },
  'partners.secret_not_found': { status: 404, title: { zh: '没有这个密钥', en: 'There is no such secret' } },
  'partners.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  'webhooks.not_found': { status: 404, title: { zh: '没有这个 webhook', en: 'There is no such webhook' } },
  'webhooks.too_many': {
    status: 409,
    title: { zh: 'webhook 已达上限', en: 'The client has as many webhooks as it may' },
  },
  'webhooks.events_unknown': { status: 400, title: { zh: '没有这些事件', en: 'There are no such events' } },
  'webhooks.address_refused': {
    status: 400,
    title: {
      zh: '地址须为可公开访问的 https 地址',
      en: 'The address must be https, on a host that all the world reaches',
    },
  },
  'webhooks.closed': {
    status: 409,
    title: { zh: '该 webhook 已关闭，请新建一个', en: 'This webhook is closed; please make another' },
  },
  'webhooks.known': {
    status: 409,
    title: { zh: '该事件已记录', en: 'This event is noted already' },
  },
  'webhooks.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  // programme
  'programme.moved': {
    status: 409,
    title: { zh: '规则已被他人更新', en: 'The programme was changed by someone else' },
  },
  'programme.invalid': { status: 400, title: { zh: '规则设置有误', en: 'The programme is not valid' } },
  'programme.zone_fixed': {
    status: 409,
    title: { zh: '时区在部署时确定，不能更改', en: 'The time zone is fixed when the programme is deployed' },
  },

  // points
  'points.insufficient': { status: 409, title: { zh: '积分不足', en: 'Not enough points' } },
  'points.limit': { status: 409, title: { zh: '超出账户可容纳的积分', en: 'More points than an account can hold' } },
  'points.moved': {
    status: 503,
    title: accountBusy,
    again: 'points.busy',
  },
  'points.lapse_noted': {
    status: 409,
    title: { zh: '失效日历中已有此账户', en: 'The lapse calendar has this account already' },
  },
  'points.busy': {
    status: 503,
    title: accountBusy,
    retryAfterSeconds: 1,
  },
  'points.too_many_lots': {
    status: 409,
    title: { zh: '账户的到期日过多', en: 'The account has too many different last days' },
  },
  'points.frozen': {
    status: 409,
    title: {
      zh: '账户已冻结，暂不能使用积分，请联系客服',
      en: 'Points cannot be used: spending is frozen; please contact support',
    },
  },
  'points.not_frozen': { status: 409, title: { zh: '账户未被冻结', en: 'The account is not frozen' } },
  'points.lapsed_day': { status: 409, title: { zh: '最后有效日已过', en: 'That last day is over already' } },
  'points.adjustment_not_found': { status: 404, title: { zh: '没有这笔调整', en: 'There is no such adjustment' } },
  'points.adjustment_undone': { status: 409, title: { zh: '该调整已撤销', en: 'This adjustment was undone already' } },
  'points.in_debt': { status: 409, title: { zh: '账户欠积分，不能赠送', en: 'An account in debt cannot give' } },
  'points.hold_open': { status: 409, title: { zh: '账户有未结束的预扣', en: 'Something is still held' } },
  'points.hold_not_found': { status: 404, title: { zh: '没有这笔预扣', en: 'There is no such hold' } },
  'points.hold_ended': { status: 409, title: { zh: '预扣已结束', en: 'The hold has ended' } },
  'points.hold_exceeded': { status: 409, title: { zh: '超出预扣的积分', en: 'More than the hold holds' } },
  'points.too_many_holds': { status: 409, title: { zh: '账户未结束的预扣过多', en: 'Too many holds are open' } },
  'points.hold_moved': {
    status: 503,
    title: accountBusy,
    again: 'points.busy',
  },
  'points.rows_invalid': {
    status: 400,
    title: { zh: '文件中有误的行，全部未导入', en: 'Lines of the file are not valid; none was taken' },
  },
  'points.row_reused': {
    status: 422,
    title: { zh: '该行此前以另一积分数导入', en: 'This row was uploaded before with another amount' },
  },
  'points.to_oneself': { status: 409, title: { zh: '不能赠送给自己', en: 'A member cannot give to themselves' } },
  'points.transfer_limit': {
    status: 409,
    title: { zh: '超出赠送限额', en: 'More than may be given at once, or in one day' },
  },
  'points.exchange_unknown': {
    status: 409,
    title: { zh: '不支持这种兑换', en: 'These two currencies are not exchanged' },
  },
  'points.exchange_too_little': {
    status: 409,
    title: { zh: '低于最小兑换数量', en: 'Less than the least that can be exchanged' },
  },
  'points.too_many_movements': {
    status: 429,
    title: { zh: '账户变动过于频繁，请稍后重试', en: 'Too many movements in a day to tell a repeat; try later' },
    retryAfterSeconds: 60,
  },

  // earning
  'purchases.number_reused': {
    status: 422,
    title: { zh: '该单号已用于另一笔消费', en: 'This number was used for another purchase' },
  },
  'purchases.not_found': { status: 404, title: { zh: '没有这笔消费', en: 'There is no such purchase' } },
  'purchases.too_old': { status: 409, title: { zh: '发生时间早于 7 天前', en: 'It happened more than 7 days ago' } },
  'purchases.in_future': { status: 409, title: { zh: '发生时间晚于当前时间', en: 'It lies in the future' } },
  'purchases.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },
  'purchases.lines_wrong': {
    status: 409,
    title: { zh: '退货行与消费的明细行不符', en: 'These lines do not fit those of the purchase' },
  },
  'purchases.return_not_found': { status: 404, title: { zh: '没有这笔退货', en: 'There is no such return' } },
  'purchases.return_reused': {
    status: 422,
    title: { zh: '该单号已用于另一笔退货', en: 'This number was used for another return' },
  },
  'purchases.return_exceeds': {
    status: 409,
    title: { zh: '退货超出该消费剩余可退部分', en: 'More than is left of the purchase to return' },
  },
  'purchases.return_closed': {
    status: 409,
    title: { zh: '已超过退货期限', en: 'Returns of this purchase are no longer taken' },
  },
  'purchases.return_too_early': {
    status: 409,
    title: { zh: '退货时间早于消费时间', en: 'The return lies before its purchase' },
  },

  // catalog
  'catalog.not_found': { status: 404, title: { zh: '没有这件商品', en: 'There is no such product' } },
  'catalog.off_shelf': { status: 409, title: { zh: '商品已下架', en: 'This product is off the shelf' } },
  'catalog.sold_out': { status: 409, title: { zh: '商品已兑完', en: 'Sold out' } },
  'catalog.price_changed': { status: 409, title: { zh: '商品价格已变更', en: 'The price has changed' } },
  'catalog.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },

  // orders
  'orders.already_placed': {
    status: 422,
    title: { zh: '该 Idempotency-Key 已用于另一请求', en: 'This Idempotency-Key was used for another request' },
  },
  'orders.not_found': { status: 404, title: { zh: '没有这个订单', en: 'There is no such order' } },
  'orders.wrong_status': {
    status: 409,
    title: { zh: '订单当前状态不允许此操作', en: 'The order is not in a status that allows this' },
  },
  'orders.open_orders': { status: 409, title: { zh: '会员有未完成的订单', en: 'The member has an order under way' } },
  'orders.moved': {
    status: 503,
    title: busy,
    again: 'request.busy',
  },
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
