/** The invariants that are checked, each in a sentence. `README.md` says the same in a finance person's words. */
export const INVARIANTS = {
  'INV-1': 'what an account holds is the sum of what moved on it',
  'INV-2': 'over the whole programme, what was issued is spent, lapsed, taken back or still there',
  'INV-3': 'each lot holds what went in less what came out, and none outlives its last day',
  'INV-4': 'every number is a whole number, not negative, and within its bound',
  'INV-5': 'the entries of a chain are 1 to n without a gap, each sealed with the one before it',
  'INV-6': 'each account is what the rules make of the one before it',
  'INV-7': 'every entry has a cause that exists, of the same member and amount, and only once',
  'INV-8': 'orders and purchases agree with the points that they moved',
  'INV-9': 'an order and a hold end once',
  'INV-10': 'the pieces of a product add up',
  'INV-17': 'every document that names an entry has it',
  'INV-22': 'each last day is in the lapse calendar, and nobody is told twice',
  'INV-23': 'what is over has been written down, with the right amount',
  'INV-25': 'what staff did is a chain without a gap, sealed',
  'INV-26': 'an erased member has nothing personal anywhere',
  'INV-27': 'every item is of a kind that is known, and has what that kind has',
  'INV-28': 'nothing refers to what is not there',
  'INV-29': 'no hold stays open after its time',
  'INV-30': 'what one gives another gets, and no points live longer for it',
  'INV-31': 'who was merged has one heir, and what was theirs is the heir’s',
  'INV-32': 'a push token is one session’s at a time',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** One break: of which invariant, at which key, and what is wrong there. */
export interface Violation {
  invariant: Invariant;
  /** `pk/sk` of the item, or `pk` of a whole chain. */
  key: string;
  detail: string;
}

export interface Verdict {
  /** How many items were read, of the table and of its archive. */
  checked: number;
  violations: Violation[];
}

/** Notes a break. */
export type Report = (invariant: Invariant, key: string, detail: string) => void;

/** The violations of one audit that another one, a moment later, found as well: what was only under way is not among them. */
export function confirmed(first: readonly Violation[], second: readonly Violation[]): Violation[] {
  const again = new Set(second.map((violation) => JSON.stringify(violation)));
  return first.filter((violation) => again.has(JSON.stringify(violation)));
}
