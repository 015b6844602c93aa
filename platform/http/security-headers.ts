/**
 * Header fields of every answer: no browser guesses its type, shows it in a frame, takes anything in it for a script, or
 * tells others where it came from. Pages set a policy of their own over it.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
