/**
 * Header fields of every answer: browsers must not guess its type, show it in a frame, run anything in it as a script,
 * or send the referrer. Pages override the policy with their own.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
