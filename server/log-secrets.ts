const hidden = '…';
const secretName =
  /^((proxy-)?authorization|(set-)?cookie|.*(password|secret|token|credential)s?|licen[cs]e_?ids?|(database|redis)_?url|parameters|params)$/i;
const deepest = 6;

/** The fields of a log line with every value blanked whose name says that it is a secret, however deep it lies. */
export function withoutSecrets(fields: object): Record<string, unknown> {
  return blank(fields, 0) as Record<string, unknown>;
}

function blank(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if ('toJSON' in value) return value;
  if (depth === deepest) return hidden;
  if (Array.isArray(value)) return value.map((item) => blank(item, depth + 1));
  const entries = Object.entries(value).map(([name, content]): [string, unknown] => [
    name,
    secretName.test(name) ? hidden : blank(content, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

const shapes: [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, `$1 ${hidden}`],
  // Our API tokens, those of screens, and what our cookies and links carry.
  [/\b(rcw?)_[\w-]{16,}/g, `$1_${hidden}`],
  [/((?:session|csrf|auth)[\w.-]*)=[^;"\\\s]{8,}/gi, `$1=${hidden}`],
  [/([?&#](?:token|key|secret|code))=[^&"\\\s]+/gi, `$1=${hidden}`],
  [/:\/\/[^@/\s"]+@/g, `://${hidden}@`],
];

/** A finished line without what looks like a credential, wherever it came from. It stays the JSON that it was. */
export function hideSecrets(line: string): string {
  return shapes.reduce((text, [shape, instead]) => text.replace(shape, instead), line);
}
