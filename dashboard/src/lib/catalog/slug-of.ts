import { slugOf as slugWithin } from '#domain/slug.ts';

/** The slug that is proposed for an app of this name; empty where the name holds no letter or digit. Pure. */
export const slugOf = (name: string): string => slugWithin(name, 60, '');
