import { Refusal } from './refusal.ts';

/** A rule's pattern: lists of exact values, nested by field. */
export type Pattern = { [field: string]: Pattern | readonly unknown[] };

/** Refuses a pattern with an operator that is not matched here, before anything runs. */
export function checkPattern(pattern: Pattern, rule: string): void {
  for (const [field, wanted] of Object.entries(pattern)) {
    if (!Array.isArray(wanted)) checkPattern(wanted as Pattern, rule);
    else if (wanted.some((value) => typeof value === 'object' && value !== null)) {
      throw new Refusal(
        `The rule ${rule} matches ${field} by an operator: the local bus knows exact values only; teach it in infra/local/event-pattern.ts.`,
      );
    }
  }
}

/** Whether the event has, for each field of the pattern, one of its values. */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = (event as Record<string, unknown>)[field];
    if (!Array.isArray(wanted)) return matches(wanted as Pattern, value);
    return Array.isArray(value) ? value.some((part) => wanted.includes(part)) : wanted.includes(value);
  });
}
