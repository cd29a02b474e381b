/**
 * One 64-bit word that every thread sees: while frozen the instant itself, while running the offset from real time;
 * the lowest bit says which. One word, so that nobody reads half a move.
 */
export type ClockWord = BigInt64Array<SharedArrayBuffer>;

const RealDate = Date;

/** How the clock stands, in the form that survives a restart. */
export type ClockState = { frozenAt: number } | { offset: number };

function write(word: ClockWord, value: number, frozen: boolean): void {
  Atomics.store(word, 0, BigInt(value) * 2n + (frozen ? 1n : 0n));
}

/** A clock that stands as told. */
export function clockWord(state: ClockState): ClockWord {
  const word = new BigInt64Array(new SharedArrayBuffer(8));
  setClock(word, state);
  return word;
}

export function setClock(word: ClockWord, state: ClockState): void {
  if ('frozenAt' in state) write(word, state.frozenAt, true);
  else write(word, state.offset, false);
}

export function clockState(word: ClockWord): ClockState {
  const packed = Atomics.load(word, 0);
  const value = Number(packed >> 1n);
  return (packed & 1n) === 1n ? { frozenAt: value } : { offset: value };
}

/** Now by the movable clock, in epoch milliseconds. */
export function clockNow(word: ClockWord): number {
  const state = clockState(word);
  return 'frozenAt' in state ? state.frozenAt : RealDate.now() + state.offset;
}

/** Lets the clock tick on from where it stands. */
export function runClock(word: ClockWord): void {
  setClock(word, { offset: clockNow(word) - RealDate.now() });
}
