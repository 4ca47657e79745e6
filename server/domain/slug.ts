/**
 * "Söhne & Co" → "sohne-co": lower case letters, digits and hyphens, beginning and ending with neither hyphen.
 * @param otherwise for text that holds no letter or digit
 */
export function slugOf(text: string, limit: number, otherwise: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, limit)
    .replace(/-$/, '');
  return slug || otherwise;
}
