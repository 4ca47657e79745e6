/**
 * Whether a page of this origin is one of ours: of the address the request was sent to, or of PUBLIC_URL. Behind a
 * proxy that ends TLS the scheme differs from the one seen here, so for the request's own address the host decides.
 */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string): boolean {
  const asked = URL.parse(origin);
  if (asked === null || !/^https?:$/.test(asked.protocol)) return false;
  return asked.host === host || asked.origin === URL.parse(publicUrl)?.origin;
}
