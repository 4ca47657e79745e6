/** The pages of the header, in its order. */
export const sitePages = [
  { path: '/', label: 'Fleet' },
  { path: '/customers', label: 'Customers' },
] as const;
