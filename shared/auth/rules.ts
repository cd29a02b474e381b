/** How a login code lives: 6 digits, 5 minutes, 5 tries, one use, one a minute for a phone. */
export const CODE = { digits: 6, livesSeconds: 300, tries: 5, resendSeconds: 60 } as const;

/** How a session lives: the access token is short, the refresh token is used once and renews the session. */
export const SESSION = { accessSeconds: 900, refreshSeconds: 90 * 86_400 } as const;
