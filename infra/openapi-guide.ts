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
const purchaseReturn = JSON.stringify(examples['earning.reportReturn']);

const STEPS: readonly Step[] = [
  {
    title: { zh: '换取令牌', en: 'Get a token' },
    text: {
      zh: '您需要三样东西：接口地址、客户端编号与密钥，由运营方以 `npm run client` 创建后交给您（权限 `purchases:write`）。本机试运行时它们就在 `.local/demo.env` 里。令牌在 `expires_in` 秒内有效，请一直用到过期再换；收到 401 时换一个新的，再发一次。',
      en: 'You need three things from whoever runs the mall: its address, and the id and secret of a client with the scope `purchases:write` (they make one by `npm run client`). For a local run they lie in `.local/demo.env`. A token is good for `expires_in` seconds: keep it until then, and on a 401 get another and send again.',
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
      zh: '每个写操作都要带 `Idempotency-Key`：1 至 128 个可见 ASCII 字符，每件事一个。**先存键，后发送**；没有收到回答（超时、断线、收银机重启）就用同一个键把同一请求原样再发。第二次得到的是同一个回答，另有 `idempotency-replayed: true`，积分只算一次。消费与退货还以各自的 `number` 为准，永久有效，换了键也一样。',
      en: 'Every write carries an `Idempotency-Key`: 1 to 128 visible ASCII characters, one for each thing that happens. **Store it before you send.** When no answer comes (a time-out, a broken line, a till that restarts) send the same request with the same key again: you get the same answer with `idempotency-replayed: true`, and the points count once. Purchases and returns are also known by their `number`, for ever, whatever the key.',
    },
    commands: `till sale-1001 /v1/purchases '${purchase}'`,
  },
  {
    title: { zh: '拒绝', en: 'Refusals' },
    text: {
      zh: '拒绝时什么都不会改变，回答是 `application/problem+json`（RFC 9457）：程序看 `code`（稳定），人看 `title`（按 `Accept-Language`，中文或英文），`errors` 指出哪个字段有误，`instance` 是请求编号，联系运营方时请附上。网关自己的拒绝只有 `{"message":"…"}`。4xx（401、429 除外）重发也不会成功，请记下来交给人处理。下面同一小票号报了另一金额：422 `purchases.number_reused`。',
      en: 'A refusal changes nothing. It is `application/problem+json` (RFC 9457): programs go by `code`, which is stable, people read `title` (in the language of `Accept-Language`), `errors` names the fields that are wrong, and `instance` is the id of the request, which you quote when you ask for help. What the gateway itself refuses is only `{"message":"…"}`. A 4xx other than 401 and 429 is refused again however often you send it: keep it for a person. Here the same receipt comes with another amount: 422 `purchases.number_reused`.',
    },
    commands: `till sale-1001-again /v1/purchases '${otherAmount}'`,
  },
  {
    title: { zh: '稍后再来', en: 'Come back later' },
    text: {
      zh: '429、500、502、503、504 与断线都是一时的：等待后以**同一个键**重发同一请求。有 `Retry-After` 时等够那么多秒；没有时从 1 秒起每次加倍，并加一点随机。上面的 `curl --retry 5` 即按此等待，只是不加随机，断线时也不再试。次数要有上限，之后存入待发队列：消费可在发生后 7 天内上报，届时用 `occurredAt` 写明发生时刻。',
      en: '429, 500, 502, 503, 504 and a broken line pass: wait, and send the same request with **the same key**. Where there is a `Retry-After`, wait as many seconds; elsewhere begin with one and double it, with some chance added. `curl --retry 5` above waits in this way, but adds no chance and does not try again where the line is broken. Give up after some tries and put the request into a queue of your own: a purchase may be reported up to 7 days later, with its `occurredAt`.',
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
