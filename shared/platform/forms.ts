/** How our ids are written, behind a prefix that says of what. */
export const idForm = (prefix: string): RegExp => new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);

/** How a currency of a programme is written. */
export const currencyForm = /^[A-Z][A-Z0-9_]{1,15}$/;
