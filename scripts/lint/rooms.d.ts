import type { Linter } from 'eslint';

/** The layout's rules as blocks of a flat ESLint configuration. */
export const rooms: Linter.Config[];
