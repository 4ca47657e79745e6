import type { FileKind } from '#contract/portal.ts';

export const kindWords: Record<FileKind, string> = { airgap: 'Air gap bundle', file: 'File' };

/** What a file most likely is: bundles are named so by what makes them. */
export const guessKind = (name: string): FileKind => (/\.airgap$/i.test(name) ? 'airgap' : 'file');
