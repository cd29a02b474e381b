import type { Bilingual } from '../../platform/bilingual.ts';

/** What can be wrong with a line of an upload. */
const FAULTS = {
  malformed: { zh: '引号不成对', en: 'The quotes of this line do not match' },
  no_rows: { zh: '没有数据行', en: 'There is no row' },
  too_many_rows: { zh: '一次最多 50 行', en: 'At most 50 rows at once' },
  header_unknown: { zh: '没有这一列', en: 'There is no such column' },
  header_twice: { zh: '列名重复', en: 'The column stands twice' },
  header_missing: { zh: '缺少这一列', en: 'This column is missing' },
  cells: { zh: '单元格数与表头不符', en: 'Not as many cells as the header has' },
  formula: { zh: '单元格不能以 = + - @ 开头', en: 'A cell may not begin with = + - @' },
  member: {
    zh: '须且只须填写 phone、externalId、memberId 之一',
    en: 'Exactly one of phone, externalId and memberId must be filled in',
  },
  phone: { zh: '手机号有误', en: 'Not a phone number' },
  external_id: { zh: '外部编号须为 1 至 64 个可见 ASCII 字符', en: 'Not 1 to 64 visible ASCII characters' },
  member_unknown: { zh: '没有这个会员', en: 'There is no such member' },
  points: { zh: '积分须为 1 至 1000000000 的整数', en: 'Not a whole number from 1 to 1000000000' },
  day: { zh: '须为存在的日期，格式 2026-12-31', en: 'Not a day that exists, written as 2026-12-31' },
  day_over: { zh: '有效期已过', en: 'This last day is over' },
  currency: { zh: '没有这种积分', en: 'The programme has no such currency' },
  row_twice: { zh: '同一会员、积分与有效期的行重复', en: 'This member, currency and last day stand above already' },
} as const satisfies Record<string, Bilingual>;

export type FaultCode = keyof typeof FAULTS;

/** What is wrong, and where. */
export interface Fault {
  line: number;
  column: string | null;
  code: FaultCode;
  message: Bilingual;
}

export function fault(line: number, column: string | null, code: FaultCode): Fault {
  return { line, column, code, message: FAULTS[code] };
}
