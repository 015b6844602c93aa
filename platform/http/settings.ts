/** Who may do what: keys and the issuer of access tokens. */
export interface AuthSettings {
  /** The operator says that the network keeps strangers out: nothing is asked for. */
  readonly off: boolean
  /** `NAME:SECRET:scope+scope` each. */
  readonly keys: readonly string[]
  /** A file of such lines; '' = none. */
  readonly keysFile: string
  /** Issuer of access tokens (OpenID Connect); '' = none. */
  readonly issuer: string
  /** The audience that its tokens must name. */
  readonly audience: string
}

/** What every HTTP server of a process shares. */
export interface HttpSettings {
  readonly auth: AuthSettings
  /** Requests a minute of one key, or of one address without keys; 0 = no limit. */
  readonly requestsPerMinute: number
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
}

/** The form of a variable; `platform/config.ts` reads it. */
interface Variable {
  readonly name: string
  readonly fallback: string
  readonly doc: string
  readonly check: (value: string) => string | undefined
}

const MAX_RATE = 1_000_000

const isIssuer = (value: string): boolean =>
  URL.parse(value)?.protocol === 'https:' || /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?(\/|$)/.test(value)

/** The variables of `platform/http`; a secret is never checked here, because a fault prints the value. */
export const HTTP_VARIABLES = [
  {
    name: 'PLAYLOOP_AUTH',
    fallback: 'on',
    doc: 'off = nobody needs a key, wherever it listens: for networks that keep strangers out.',
    check: (value) => (value === 'on' || value === 'off' ? undefined : 'must be one of on, off'),
  },
  {
    name: 'PLAYLOOP_API_KEYS',
    fallback: '',
    doc: 'Keys of the API as NAME:SECRET:scope+scope, separated by commas; unset = open on the loopback address.',
    check: () => undefined,
  },
  {
    name: 'PLAYLOOP_API_KEYS_FILE',
    fallback: '',
    doc: 'File of such keys, one a line; lines that begin with # are passed over.',
    check: () => undefined,
  },
  {
    name: 'PLAYLOOP_OIDC_ISSUER',
    fallback: '',
    doc: 'Issuer of access tokens (OpenID Connect), exactly as it stands in their iss; unset = no tokens.',
    check: (value) => (isIssuer(value) ? undefined : 'must be an https URL (http on the loopback address alone)'),
  },
  {
    name: 'PLAYLOOP_OIDC_AUDIENCE',
    fallback: '',
    doc: 'Audience that access tokens must name.',
    check: () => undefined,
  },
  {
    name: 'PLAYLOOP_API_RATE',
    fallback: '1200',
    doc: 'Requests a minute of one key, or of one address without keys; 0 = no limit. Loopback addresses have none.',
    check: (value) =>
      /^\d+$/.test(value) && Number(value) <= MAX_RATE ? undefined : `must be a whole number from 0 to ${MAX_RATE}`,
  },
] as const satisfies readonly Variable[]

export type HttpVariable = (typeof HTTP_VARIABLES)[number]['name'] | 'PLAYLOOP_TRUSTED_PROXIES'

/** Typed settings from the values of the variables. */
export const httpSettings = (value: (name: HttpVariable) => string): HttpSettings => ({
  auth: {
    off: value('PLAYLOOP_AUTH') === 'off',
    keys: list(value('PLAYLOOP_API_KEYS')),
    keysFile: value('PLAYLOOP_API_KEYS_FILE'),
    issuer: value('PLAYLOOP_OIDC_ISSUER'),
    audience: value('PLAYLOOP_OIDC_AUDIENCE'),
  },
  requestsPerMinute: Number(value('PLAYLOOP_API_RATE')),
  trustedProxies: list(value('PLAYLOOP_TRUSTED_PROXIES')),
})

const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
