import { examples } from './openapi-examples.ts';

type Language = 'zh' | 'en';

interface Step {
  title: Record<Language, string>;
  text: Record<Language, string>;
  /** The same for everybody; a test runs them one after the other. */
  commands?: string;
}

const purchase = JSON.stringify(examples['earning.report']);
const otherAmount = JSON.stringify({ ...(examples['earning.report'] as object), amountFen: 12_861 });
const hold = JSON.stringify({ member: { phone: '13800138000' }, points: 10 });
const purchaseReturn = JSON.stringify(examples['earning.reportReturn']);

const STEPS: readonly Step[] = [
  {
    title: { zh: '换取令牌', en: 'Get a token' },
    text: {
      zh: '您需要三样东西：接口地址、客户端编号与密钥，由运营方以 `npm run client` 创建后交给您（权限 `purchases:write`；收银台用积分抵扣还需 `holds:write`）。本机试运行时它们就在 `.local/demo.env` 里。令牌在 `expires_in` 秒内有效，请一直用到过期再换；收到 401 时换一个新的，再发一次。',
      en: 'You need three things from whoever runs the mall: its address, and the id and secret of a client with the scope `purchases:write`, and `holds:write` where points pay at the till (they make one by `npm run client`). For a local run they lie in `.local/demo.env`. A token is good for `expires_in` seconds: keep it until then, and on a 401 get another and send again.',
    },
    commands: `. .local/demo.env # elsewhere: API='https://…' TILL_ID='…' TILL_SECRET='…'
TOKEN=$(curl -s --retry 5 "$API/v1/auth/token" -u "$TILL_ID:$TILL_SECRET" -d grant_type=client_credentials |
  sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')`,
  },
  {
    title: { zh: '上报第一笔消费', en: 'Report a first purchase' },
    text: {
      zh: '金额以分为单位，是整数；会员用手机号（或您自己系统的 `externalId`）指明，首次出现即成为会员。`number` 是小票号，在整个积分计划内唯一，请以系统或门店名作前缀。回答 201，并说明得了多少积分、有效至哪一天。',
      en: 'Money is in fen, a whole number. The member is named by phone (or by your own `externalId`), and becomes one when nobody knows them. `number` is the receipt, unique in the whole programme: prefix it with your system or shop. The answer is 201 and says how many points it earned and until which day they count.',
    },
    commands: `till() { # till KEY PATH BODY
  curl -si --max-time 30 --retry 5 "$API$2" -H "authorization: Bearer $TOKEN" -H 'accept-language: en' \\
    -H 'content-type: application/json' -H "idempotency-key: $1" -d "$3"; echo
}
till sale-1001 /v1/purchases '${purchase}'`,
  },
  {
    title: { zh: '幂等键与重发', en: 'Keys and replays' },
    text: {
      zh: '每个写操作都要带 `Idempotency-Key`：1 至 128 个可见 ASCII 字符，每件事一个。**先存键，后发送**；没有收到回答（超时、断线、收银机重启）就用同一个键把同一请求原样再发。第二次得到的是同一个回答，另有 `idempotency-replayed: true`，积分只算一次。消费、退货、冻结与订单的键不会过期。**请求体一旦保存就不要再改**：同一键配不同内容是 422。消费与退货以各自的 `number` 为准，永久有效，换了键也一样：同一 `number` 配不同内容是 422，另一个 `number` 则总是另一笔。对某一笔预扣或订单的操作，键只在那一笔上算数。',
      en: 'Every write carries an `Idempotency-Key`: 1 to 128 visible ASCII characters, one for each thing that happens. **Store it before you send.** When no answer comes (a time-out, a broken line, a till that restarts) send the same request with the same key again: you get the same answer with `idempotency-replayed: true`, and the points count once. For purchases, returns, holds and orders a key does not run out. **Never change a body that was stored**: the same key with another content is 422. Purchases and returns go by their `number`, for ever, whatever the key: the same number with another content is 422, and another number is always another purchase. What is done to one hold or order has its keys for itself.',
    },
    commands: `till sale-1001 /v1/purchases '${purchase}'`,
  },
  {
    title: { zh: '拒绝', en: 'Refusals' },
    text: {
      zh: '拒绝时什么都不会改变，回答是 `application/problem+json`（RFC 9457）：程序看 `code`（稳定），人看 `title`（按 `Accept-Language`，中文或英文），`errors` 指出哪个字段有误，`instance` 是请求编号，联系运营方时请附上。网关自己的拒绝只有 `{"message":"…"}`。4xx（401、429 除外）重发也不会成功，请记下来交给人处理；只有 409 会随账户变化（例如积分又够了）而改变。下面同一小票号报了另一金额：422 `purchases.number_reused`。',
      en: 'A refusal changes nothing. It is `application/problem+json` (RFC 9457): programs go by `code`, which is stable, people read `title` (in the language of `Accept-Language`), `errors` names the fields that are wrong, and `instance` is the id of the request, which you quote when you ask for help. What the gateway itself refuses is only `{"message":"…"}`. A 4xx other than 401 and 429 is refused again however often you send it: keep it for a person. Only a 409 may change, with the account (there are points enough by now). Here the same receipt comes with another amount: 422 `purchases.number_reused`.',
    },
    commands: `till sale-1001-again /v1/purchases '${otherAmount}'`,
  },
  {
    title: { zh: '稍后再来', en: 'Come back later' },
    text: {
      zh: '429、500、502、503、504 与断线都是一时的：等待后以**同一个键**重发同一请求。有 `Retry-After` 时等够那么多秒；没有时从 1 秒起每次加倍，并加一点随机。上面的 `curl --retry 5` 即按此等待，只是不加随机，断线时也不再试。次数要有上限，之后留在待发队列：消费可在发生后 7 天内上报。为此**第一次发送时就写上 `occurredAt`**，之后不再改动：先前的某次可能已经收到，改了内容就是 422 `purchases.number_reused`。',
      en: '429, 500, 502, 503, 504 and a broken line pass: wait, and send the same request with **the same key**. Where there is a `Retry-After`, wait as many seconds; elsewhere begin with one and double it, with some chance added. `curl --retry 5` above waits in this way, but adds no chance and does not try again where the line is broken. Give up after some tries and leave the request in a queue of your own: a purchase may be reported up to 7 days later. So **say `occurredAt` from the first try on**, and change nothing afterwards: one of the tries may have arrived, and another content is then 422 `purchases.number_reused`.',
    },
  },
  {
    title: { zh: '退货', en: 'Returns' },
    text: {
      zh: '退货以自己的 `number` 和原小票号上报，按金额（`amountFen`）或按明细行（`lines`，仅限上报消费时带了明细行的）二选一，可分多次。回答说明收回了多少：`taken` 已扣回，`owed` 成为欠分，`lost` 免除，`offset` 已花掉、请从应退现金中扣除其价值；`leftFen` 是还可退多少。',
      en: 'A return has a `number` of its own and names its purchase, by money (`amountFen`) or by `lines` (where the purchase was reported with lines), in as many parts as you like. The answer says what became of the points: `taken` was taken back, `owed` is a debt now, `lost` is given up, and `offset` was spent already: take its worth from the cash that you pay back. `leftFen` can still be returned.',
    },
    commands: `till return-2001 /v1/returns '${purchaseReturn}'
curl -s "$API/v1/purchases/SHOP1-1001" -H "authorization: Bearer $TOKEN"; echo`,
  },
  {
    title: { zh: '积分抵扣与会员码', en: 'Pay with points, and member codes' },
    text: {
      zh: '先冻结（`POST /v1/holds`，缺省 15 分钟），收款成功后扣取（`capture`，可少扣，余下退回），未成交则释放（`release`）；到时未处理自动释放，再扣取是 409 `points.hold_ended`，`holdStatus` 说明结局。一个积分抵多少钱由您与运营方约定，接口只认积分。`amountFen` 上报实付金额；已扣取的积分在退货时由运营方调整退还。会员也可以出示会员码：二维码的内容就是 `GET /v1/me/code` 的 `code`，用 `"member": {"code": "PM…"}` 上报。它每 30 秒更换，过期后 30 秒内仍可用，只能用一次；同一笔交易既抵扣又积分时，后一个请求改用前一个回答里的 `memberId`。排队待发的请求请改存 `memberId`：会员码到时已失效。',
      en: 'Set points aside first (`POST /v1/holds`, 15 minutes unless you say otherwise); when the money is in, `capture` them (fewer, if you like: the rest goes back), and when nothing comes of it, `release` them. What is left alone is released by itself: to capture it then is 409 `points.hold_ended`, and `holdStatus` says how it ended. What a point is worth in money is agreed with whoever runs the mall; the API counts points. Report as `amountFen` what was paid in money; points that were captured are given back at a return by staff. A member may show a code instead of a phone: the picture holds the `code` of `GET /v1/me/code`, and you send `"member": {"code": "PM…"}`. It changes every 30 seconds, is taken for 30 seconds more, and counts once: where one sale takes points and earns some, the second request names the `memberId` of the first answer. So does what waits in a queue: a code is worth nothing later.',
    },
    commands: `HOLD=$(till hold-3001 /v1/holds '${hold}' | sed -n 's/.*"holdId":"\\([^"]*\\)".*/\\1/p')
till capture-3001 "/v1/holds/$HOLD/capture" '{"points":6}'`,
  },
  {
    title: { zh: '翻页', en: 'Cursors' },
    text: {
      zh: '列表一页最多 100 条（`limit`，缺省 20）。`nextCursor` 不为 null 时，把它原样作为 `cursor` 再问下一页，其余参数不变；不要解析它，也不要长期保存。',
      en: 'A list comes in pages of at most 100 (`limit`, 20 when absent). While `nextCursor` is not null, send it as `cursor` with the same other parameters for the next page. Do not read anything into it, and do not keep it.',
    },
    commands: `CURSOR=
while :; do
  PAGE=$(curl -s --retry 5 -G "$API/v1/products" -d limit=2 \${CURSOR:+--data-urlencode "cursor=$CURSOR"})
  echo "$PAGE"
  CURSOR=$(echo "$PAGE" | sed -n 's/.*"nextCursor":"\\([^"]*\\)".*/\\1/p')
  [ -n "$CURSOR" ] || break
done`,
  },
  {
    title: { zh: '会员端（App、小程序、H5）', en: 'An app of members' },
    text: {
      zh: '登录：`POST /v1/auth/codes` 发验证码，`POST /v1/auth/sessions` 换令牌；或各平台的授权码（`/v1/auth/sessions/wechat` 等），首次登录即注册。`accessToken` 15 分钟有效，用 `refreshToken` 续期：每次换新，旧的随即作废——只有最后一个在 10 秒内可再用一次（回答丢失时），再晚使用会结束整个会话，须重新登录。绑定、解绑、合并与注销须在 10 分钟内登录过（403 `auth.login_too_old`：静默重新登录后再试）。更换手机号：新号的验证码同样来自 `POST /v1/auth/codes`，二次验证的验证码来自 `POST /v1/me/step-up/codes`。启动时登记推送令牌（`PUT /v1/me/push-token`）。',
      en: 'Log in by a code (`POST /v1/auth/codes`, then `POST /v1/auth/sessions`), or by what a provider gave to your app (`/v1/auth/sessions/wechat` and others); the first time registers. An `accessToken` is good for 15 minutes. A `refreshToken` gets the next pair and is then used up: only the last one is answered again for 10 seconds, for an answer that was lost; used later it ends the session, and the member logs in anew. Binding, unbinding, a merge and an erasure ask for a login within 10 minutes (403 `auth.login_too_old`: log in again, silently where you can, and repeat). For another phone the code of the new one comes from `POST /v1/auth/codes` as well, that of the step-up from `POST /v1/me/step-up/codes`. Register the push token at each start (`PUT /v1/me/push-token`).',
    },
  },
];

const SUMMARY: Record<Language, string> = {
  zh: '接入指南：独立写出一台收银机',
  en: 'Guide: write a till by yourself',
};

const AFTER: Record<Language, string> = {
  zh: '下面每个操作都可以在本页试用：点 **Authorize** 填入客户端编号与密钥，再点 **Try it out**。TypeScript 可直接使用 `client/points-mall.ts`。',
  en: 'Every operation below can be tried on this page: press **Authorize**, fill in the id and secret of your client, then **Try it out**. For TypeScript there is `client/points-mall.ts`.',
};

function section(language: Language): string {
  const steps = STEPS.map(({ title, text, commands }, i) => {
    const block = commands ? `\n\n\`\`\`sh\n${commands}\n\`\`\`` : '';
    return `### ${i + 1} · ${title[language]}\n\n${text[language]}${block}`;
  });
  const body = [...steps, AFTER[language]].join('\n\n');
  return `<details lang="${language}">\n<summary>${SUMMARY[language]}</summary>\n\n${body}\n\n</details>`;
}

/** What stands above the operations: a till can be written from it alone. */
export const guide = `会员消费得积分，用积分兑换礼品；收银系统上报消费与退货，员工管理货架与发货。积分是整数，金额以分为单位，时刻为 ISO 8601。

Members earn points and redeem gifts; tills report purchases and returns; staff keep the shelf and ship. Points are whole numbers, money is fen, instants are ISO 8601.

${section('zh')}

${section('en')}`;
