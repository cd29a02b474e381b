import fc from 'fast-check';
import { describe, it } from 'vitest';
import { properties } from './histories.ts';

const HISTORIES = 200;

describe('any history of two members and their accounts', () => {
  it.each(Object.entries(properties))('%s', (_, property) => {
    fc.assert(property, { numRuns: HISTORIES });
  });
});
