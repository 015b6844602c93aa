import { integer, list, networks, oneOf, settings, text, type ValuesOf, type Variable } from '../settings.ts'

/** Access control: keys and the issuer of access tokens. */
export interface AuthSettings {
  /** No authentication: the operator declares that the network keeps strangers out. */
  readonly off: boolean
  /** One `NAME:SECRET:scope+scope` per key. */
  readonly keys: readonly string[]
  /** File with one key per line; '' = none. */
  readonly keysFile: string
  /** Issuer of access tokens (OpenID Connect); '' = none. */
  readonly issuer: string
  /** Audience that access tokens must contain. */
  readonly audience: string
}

/** Settings that all HTTP servers of a process share. */
export interface HttpSettings {
  readonly auth: AuthSettings
  /** Requests per minute of one key, or of one address if there are no keys; 0 = no limit. */
  readonly requestsPerMinute: number
  /** Addresses and networks of proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[]
}

const isIssuer = (value: string): boolean =>
  URL.parse(value)?.protocol === 'https:' || /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?(\/|$)/.test(value)

const issuer: Variable<string> = {
  ...text(
    'PLAYLOOP_OIDC_ISSUER',
    '',
    'Issuer of access tokens (OpenID Connect), exactly as it stands in their `iss`. Unset: no tokens are taken.',
  ),
  check: (value) => (isIssuer(value) ? undefined : 'must be an https URL (http on the loopback address alone)'),
}

/** Secrets are never checked here, because a fault message would print the value. */
export const HTTP = settings('HTTP: who may do what', {
  access: oneOf(
    'PLAYLOOP_AUTH',
    ['on', 'off'],
    'on',
    '`off`: nobody needs a key, wherever it listens; for networks that keep strangers out.',
  ),
  keys: list(
    'PLAYLOOP_API_KEYS',
    '',
    'Keys of the API as `NAME:SECRET:scope+scope`, separated by commas; sent as `Authorization: Bearer SECRET`. Unset: open on the loopback address, and a role that listens elsewhere refuses to start.',
  ),
  keysFile: text(
    'PLAYLOOP_API_KEYS_FILE',
    '',
    'File of such keys, one a line; lines that begin with `#` are passed over.',
  ),
  issuer,
  audience: text('PLAYLOOP_OIDC_AUDIENCE', '', 'Audience that access tokens must name.'),
  requestsPerMinute: integer(
    'PLAYLOOP_API_RATE',
    0,
    1_000_000,
    1_200,
    'Requests a minute of one key, or of one address without keys; 0: no limit. Loopback addresses have none.',
  ),
  trustedProxies: networks(
    'PLAYLOOP_TRUSTED_PROXIES',
    "Addresses or CIDR networks (`10.0.0.0/8`) of your own proxies, separated by commas. Going back from the socket through `X-Forwarded-For`, the first address outside them is the client's: for rate limits, and for the collector's look-ups of addresses. Unset: the socket's address, whatever the header says.",
  ),
})

export const httpSettings = ({
  access,
  requestsPerMinute,
  trustedProxies,
  ...auth
}: ValuesOf<typeof HTTP>): HttpSettings => ({
  auth: { off: access === 'off', ...auth },
  requestsPerMinute,
  trustedProxies,
})
