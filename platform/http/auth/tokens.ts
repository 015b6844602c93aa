import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Clock } from '../../clock.ts'
import { errorMessage } from '../../errors.ts'
import { sha256 } from '../../hash.ts'
import { fail } from '../errors.ts'
import { isScope, type Principal } from './scopes.ts'

export interface Issuer {
  /** As it stands in `iss`; its keys are found by discovery below it. */
  readonly url: string
  readonly audience: string
}

/** Checks an access token; throws HTTP_TOKEN_INVALID, or HTTP_ISSUER_AWAY when that cannot be told. */
export type TokenCheck = (token: string) => Promise<Principal>

/** Signatures by a private key alone: with an HMAC the issuer's public key would be the secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Clocks differ, seconds. */
const TOLERANCE_S = 30
/** Verified tokens that are remembered until they expire. */
const MAX_REMEMBERED = 1_000
const TIMEOUT_MS = 5_000

export function openTokens(issuer: Issuer, clock: Clock): TokenCheck {
  const remembered = new Map<string, { readonly principal: Principal; readonly until: number }>()
  let keys: ReturnType<typeof discover> | undefined
  const keysOfIssuer = (): ReturnType<typeof discover> => {
    keys ??= discover(issuer.url)
    // An issuer that was away is asked again by the next request.
    keys.catch(() => (keys = undefined))
    return keys
  }
  return async (token) => {
    const digest = sha256(token).toString('base64')
    const known = remembered.get(digest)
    if (known !== undefined && clock.now() < known.until) return known.principal
    remembered.delete(digest)
    const payload = await verify(token, issuer, await keysOfIssuer(), clock)
    const principal = principalOf(payload)
    remembered.set(digest, { principal, until: payload.exp! * 1_000 })
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!)
    return principal
  }
}

type Keys = ReturnType<typeof createRemoteJWKSet>

/** OpenID Connect Discovery 1.0: the document must name the very issuer it was asked of. */
async function discover(issuer: string): Promise<Keys> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) throw new Error(`discovery was answered ${response.status}`)
    const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
    if (document.issuer !== issuer) throw new Error(`discovery names the issuer ${String(document.issuer)}`)
    return createRemoteJWKSet(new URL(String(document.jwks_uri)), { timeoutDuration: TIMEOUT_MS })
  } catch (error) {
    throw fail('HTTP_ISSUER_AWAY', {}, error)
  }
}

async function verify(token: string, { url, audience }: Issuer, keys: Keys, clock: Clock): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: url,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp'],
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(clock.now()),
    })
    return payload
  } catch (error) {
    if (isOfToken(error)) throw fail('HTTP_TOKEN_INVALID', { problem: error.message }, error)
    throw fail('HTTP_ISSUER_AWAY', { problem: errorMessage(error) }, error)
  }
}

/** Faults of the token itself; any other is one of the way to the issuer's keys. */
const isOfToken = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JWTExpired ||
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys

/** Issuers write scopes as `scope` (RFC 9068), `scp` or `permissions`: a text of words, or a list. */
function principalOf(payload: JWTPayload): Principal {
  const told = ['scope', 'scp', 'permissions'].flatMap((claim) => {
    const value = payload[claim]
    return typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.map(String) : []
  })
  const client = payload['client_id']
  const name = payload.sub ?? (typeof client === 'string' ? client : 'a token')
  return { name, scopes: new Set(told.filter(isScope)) }
}
