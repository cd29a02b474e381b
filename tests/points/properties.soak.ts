import fc from 'fast-check';
import { describe, it } from 'vitest';
import { properties } from './histories.ts';

const HISTORIES = 10_000;

describe(`${HISTORIES} histories of two members and their accounts`, () => {
  it.each(Object.entries(properties))('%s', (name, property) => {
    fc.assert(property, { numRuns: HISTORIES });
    console.table({ property: name, histories: HISTORIES });
  });
});
