import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Clock } from '../../clock.ts'
import { errorMessage } from '../../errors.ts'
import { sha256 } from '../../hash.ts'
import { fail } from '../errors.ts'
import { isScope, type Principal } from './scopes.ts'

export interface Issuer {
  /** Issuer as in the `iss` claim; its keys are found by discovery below this URL. */
  readonly url: string
  readonly audience: string
}

/** Verifies an access token. Throws HTTP_TOKEN_INVALID, or HTTP_ISSUER_AWAY if the token cannot be checked now. */
export type TokenCheck = (token: string) => Promise<Principal>

/** Only asymmetric signatures: with HMAC the issuer's public key could be used as the secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Tolerance for clock differences, seconds. */
const TOLERANCE_S = 30
/** Number of verified tokens that are cached until they expire. */
const MAX_REMEMBERED = 1_000
const TIMEOUT_MS = 5_000

export function openTokens(issuer: Issuer, clock: Clock): TokenCheck {
  const remembered = new Map<string, { readonly principal: Principal; readonly until: number }>()
  let keys: ReturnType<typeof discover> | undefined
  const keysOfIssuer = (): ReturnType<typeof discover> => {
    keys ??= discover(issuer.url)
    // After a failure the next request tries discovery again.
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

/** OpenID Connect Discovery 1.0: the document must name exactly the issuer that was requested. */
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

/** True for faults of the token itself; any other error comes from fetching the issuer's keys. */
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

/**
 * Reads the scopes, which issuers send as `scope` (RFC 9068), `scp` or `permissions`: a space-separated string or a
 * list.
 */
function principalOf(payload: JWTPayload): Principal {
  const told = ['scope', 'scp', 'permissions'].flatMap((claim) => {
    const value = payload[claim]
    return typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.map(String) : []
  })
  const client = payload['client_id']
  const name = payload.sub ?? (typeof client === 'string' ? client : 'a token')
  return { name, scopes: new Set(told.filter(isScope)) }
}
