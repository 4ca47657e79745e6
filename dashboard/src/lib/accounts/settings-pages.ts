import type { Permission } from '#contract/accounts.ts';

/** The pages about accounts, in the order in which menus show them. */
export const settingsPages = [
  { route: '/(settings)/account', path: '/account', label: 'Account', needs: 'read' },
  { route: '/(settings)/people', path: '/people', label: 'People', needs: 'manage' },
  { route: '/(settings)/tokens', path: '/tokens', label: 'API tokens', needs: 'manage' },
  { route: '/(settings)/screens', path: '/screens', label: 'Wall screens', needs: 'manage' },
] as const satisfies { route: string; path: string; label: string; needs: Permission }[];
