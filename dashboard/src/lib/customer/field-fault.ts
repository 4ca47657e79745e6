export const formFields = [
  'name',
  'email',
  'app',
  'channel',
  'type',
  'expiresAt',
  'features',
  'entitlements',
  'document',
] as const;
export type FormField = (typeof formFields)[number];

export interface FieldFault {
  field: FormField;
  /** Name of the entitlement that it is about. */
  entitlement: string | null;
  message: string;
}

/** The field that a sentence of the server names at its beginning: "license.expiresAt: must be …"; null: it names none. */
export function readFieldFault(sentence: string): FieldFault | null {
  const match = /^([A-Za-z]\w*)((?:\.[\w-]+|\["[^"]*"\]|\[\d+\])*): (.+)$/s.exec(sentence);
  if (!match) return null;
  const [, first = '', rest = '', words = ''] = match;
  const steps = [...rest.matchAll(/\.([\w-]+)|\["([^"]*)"\]|\[(\d+)\]/g)].map(
    (step) => step[1] ?? step[2] ?? step[3] ?? '',
  );
  const path = first === 'license' ? steps : [first, ...steps];
  const field = formFields.find((known) => known === path[0]);
  if (field === undefined) return null;
  const message = words.charAt(0).toUpperCase() + words.slice(1);
  return { field, entitlement: field === 'entitlements' ? (path[1] ?? null) : null, message };
}
