import { fieldOf } from './fields.ts';

/** What a name is compared by: its letters and digits, whatever case and whatever parts its words. */
export const squash = (name: string): string => name.toLowerCase().replace(/[\s_:-]+/gu, '');

/** Fields whose label, as people read it, holds the text: "kubernetes" → k8sVersion, k8sDistribution. */
export function findFields(text: string): string[] {
  const part = squash(text);
  if (part === '') return [];
  return Object.entries(fieldOf)
    .filter(([, { label }]) => squash(label).includes(part))
    .map(([field]) => field);
}
