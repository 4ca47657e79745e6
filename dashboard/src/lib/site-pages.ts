/** The pages of the header, in its order. */
export const sitePages = [
  { path: '/', label: 'Fleet' },
  { path: '/customers', label: 'Customers' },
  { path: '/apps', label: 'Apps' },
] as const;
