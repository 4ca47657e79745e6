/** What is wrong with an email address, as far as a page can tell: the server judges it. */
export function findEmailFault(email: string): string | null {
  return /^\S+@\S+$/.test(email.trim()) ? null : 'Enter an email address.';
}
