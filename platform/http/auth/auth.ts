import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import type { Clock } from '../../clock.ts'
import { fail } from '../errors.ts'
import type { AuthSettings } from '../settings.ts'
import { findKey, parseKeys } from './keys.ts'
import type { Principal, Scope } from './scopes.ts'
import { openTokens } from './tokens.ts'

/** Access control of one process. */
export interface Auth {
  /**
   * `on`: requests must present a key or a token. `open`: nothing is configured, which is acceptable only on the
   * loopback address. `off`: the operator declares that the network keeps strangers out.
   */
  readonly state: 'on' | 'open' | 'off'
  /** Whether any key or the issuer can grant the scope. */
  grants(scope: Scope): boolean
  /**
   * Authenticates a request and checks its scope. Throws HTTP_KEY_WANTED, HTTP_TOKEN_INVALID, HTTP_SCOPE or
   * HTTP_ISSUER_AWAY.
   */
  admit(authorization: string | undefined, scope: Scope): Promise<Principal>
}

/** Reads keys and sets up the issuer; throws HTTP_KEYS_INVALID, HTTP_KEYS_UNREADABLE or HTTP_AUDIENCE_WANTED. */
export function openAuth(settings: AuthSettings, clock: Clock): Auth {
  const { issuer, audience } = settings
  if (issuer !== '' && audience === '') throw fail('HTTP_AUDIENCE_WANTED')
  const keys = parseKeys([...settings.keys, ...linesOf(settings.keysFile)])
  const check = issuer === '' ? undefined : openTokens({ url: issuer, audience }, clock)
  const isConfigured = keys.length > 0 || check !== undefined

  const identify = (secret: string): Principal | Promise<Principal> => {
    const key = findKey(keys, secret)
    if (key !== undefined) return key
    if (check !== undefined && secret.split('.').length === 3) return check(secret)
    throw fail('HTTP_TOKEN_INVALID', { problem: 'it is not known' })
  }
  return {
    state: settings.off ? 'off' : isConfigured ? 'on' : 'open',
    grants: (scope) => check !== undefined || keys.some(({ scopes }) => scopes.has(scope)),
    async admit(authorization, scope) {
      const secret = bearerOf(authorization)
      if (secret === undefined) throw fail('HTTP_KEY_WANTED', { scope })
      const principal = await identify(secret)
      if (!principal.scopes.has(scope)) throw fail('HTTP_SCOPE', { name: principal.name, scope })
      return principal
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

function linesOf(file: string): string[] {
  if (file === '') return []
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    throw fail('HTTP_KEYS_UNREADABLE', { file }, error)
  }
}
