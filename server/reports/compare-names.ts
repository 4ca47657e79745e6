/** The order in which people look names up. */
export const { compare: compareNames } = new Intl.Collator('en', { numeric: true });
