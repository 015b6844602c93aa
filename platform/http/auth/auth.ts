import { BlockList, isIP } from 'node:net'
import type { Clock } from '../../clock.ts'
import { fail } from '../errors.ts'
import type { AuthSettings } from '../settings.ts'
import { configuredKeys, findKey } from './keys.ts'
import type { Principal, Scope } from './scopes.ts'
import { keyOfSession, sessionIn, sessionOf, type BrowserFields } from './sessions.ts'
import { openTokens } from './tokens.ts'

/** Header fields that can carry a key, a token or a session. */
export interface Credentials extends BrowserFields {
  readonly authorization?: string | undefined
}

/** A browser's session and whose it is. */
export interface SignedIn {
  readonly principal: Principal
  /** Value of the session cookie. */
  readonly session: string
}

/** Access control of one process. */
export interface Auth {
  /**
   * `on`: requests must present a key, a token or a session. `open`: nothing is configured, which is acceptable only on
   * the loopback address. `off`: the operator declares that the network keeps strangers out.
   */
  readonly state: 'on' | 'open' | 'off'
  /** Whether any key or the issuer can grant the scope. */
  grants(scope: Scope): boolean
  /**
   * Authenticates a request and checks its scope. Throws HTTP_KEY_WANTED, HTTP_TOKEN_INVALID, HTTP_SCOPE or
   * HTTP_ISSUER_AWAY.
   */
  admit(credentials: Credentials, scope: Scope): Promise<Principal>
  /** Exchanges a key or a token for a session. Throws HTTP_TOKEN_INVALID or HTTP_ISSUER_AWAY. */
  signIn(secret: string): Promise<SignedIn>
}

/** Reads keys and sets up the issuer; throws HTTP_KEYS_INVALID, HTTP_KEYS_UNREADABLE or HTTP_AUDIENCE_WANTED. */
export function openAuth(settings: AuthSettings, clock: Clock): Auth {
  const { issuer, audience } = settings
  if (issuer !== '' && audience === '') throw fail('HTTP_AUDIENCE_WANTED')
  const keys = configuredKeys(settings)
  const check = issuer === '' ? undefined : openTokens({ url: issuer, audience }, clock)
  const isConfigured = keys.length > 0 || check !== undefined

  const identify = (secret: string): Principal | Promise<Principal> => {
    const key = findKey(keys, secret)
    if (key !== undefined) return key
    if (check !== undefined && secret.split('.').length === 3) return check(secret)
    throw fail('HTTP_TOKEN_INVALID', { problem: 'it is not known' })
  }
  /** A session is a signed name, or the access token itself. */
  const principalOf = (session: string): Principal | Promise<Principal> =>
    keyOfSession(keys, session, clock.now()) ?? identify(session)

  return {
    state: settings.off ? 'off' : isConfigured ? 'on' : 'open',
    grants: (scope) => check !== undefined || keys.some(({ scopes }) => scopes.has(scope)),
    async admit(credentials, scope) {
      const secret = bearerOf(credentials.authorization)
      const session = secret === undefined ? sessionIn(credentials) : undefined
      if (secret === undefined && session === undefined) throw fail('HTTP_KEY_WANTED', { scope })
      const principal = await (secret === undefined ? principalOf(session!) : identify(secret))
      if (!principal.scopes.has(scope)) throw fail('HTTP_SCOPE', { name: principal.name, scope })
      return principal
    },
    async signIn(secret) {
      const key = findKey(keys, secret)
      if (key !== undefined) return { principal: key, session: sessionOf(key, clock.now()) }
      return { principal: await identify(secret), session: secret }
    },
  }
}

/** RFC 6750, 2.1. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]

/** WWW-Authenticate header: what the client must present (RFC 6750, 3). */
export function challengeOf(code: string, scope: string): string | undefined {
  if (code === 'HTTP_KEY_WANTED') return `Bearer realm="playloop", scope="${scope}"`
  if (code === 'HTTP_TOKEN_INVALID') return 'Bearer realm="playloop", error="invalid_token"'
  if (code === 'HTTP_SCOPE') return `Bearer realm="playloop", error="insufficient_scope", scope="${scope}"`
  return undefined
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether the address can be reached only from this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || (isIP(host) !== 0 && loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4'))
