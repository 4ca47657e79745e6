import type { Redaction } from '#contract/wall.ts';

const mostInitials = 3;

/** A customer's name as a screen may tell it; null: not at all, and the customer's number stands for it. Pure. */
export function redactName(name: string, redaction: Redaction): string | null {
  if (redaction === 'full') return name;
  if (redaction === 'none') return null;
  return initialsOf(name);
}

/** The first letters of up to three words, in capitals; null: there is neither a letter nor a digit. */
export function initialsOf(name: string): string | null {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu) ?? [];
  const letters = words.slice(0, mostInitials).map((word) => [...word][0]!.toUpperCase());
  return letters.length === 0 ? null : letters.join('');
}

/** What a screen calls an instance: names and ids of instances may hold the customer's. Pure. */
export function redactInstance(
  { id, name, instanceId }: { id: number; name: string | null; instanceId: string },
  redaction: Redaction,
): string {
  return redaction === 'full' ? (name ?? instanceId.slice(0, 7)) : `#${id}`;
}
