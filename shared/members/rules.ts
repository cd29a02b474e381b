/** How a member's code lives: it changes every 30 s, and clocks may differ by one code; 60 bits vouch for it. */
export const MEMBER_CODE = { prefix: 'PM', windowMs: 30_000, skew: 1, idLength: 26, sealLength: 12 } as const;
