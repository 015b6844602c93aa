import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../hash.ts'
import { fail } from '../errors.ts'
import { isScope, SCOPES, type Principal, type Scope } from './scopes.ts'

/** A bearer key in memory: the digest of its secret, never the secret. */
export interface ApiKey extends Principal {
  readonly digest: Buffer
}

/** Shorter secrets can be guessed. */
const MIN_SECRET = 16

/** Parses `NAME:SECRET:scope+scope` from each part; empty parts and comments (#) are skipped. */
export function parseKeys(parts: readonly string[]): ApiKey[] {
  const keys = parts
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'))
    .map((part, index) => parseKey(part, index + 1))
  const double = keys.find(({ name }, index) => keys.findIndex((other) => other.name === name) !== index)
  if (double !== undefined) throw fail('HTTP_KEYS_INVALID', { place: double.name, problem: 'its name stands twice' })
  return keys
}

/** Finds the key with this secret. Every key is compared in constant time, so that timing reveals nothing. */
export function findKey(keys: readonly ApiKey[], secret: string): ApiKey | undefined {
  const digest = sha256(secret)
  let found: ApiKey | undefined
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key
  return found
}

/** Faults identify the key by its name or position: its secret must not reach a log. */
function parseKey(text: string, place: number): ApiKey {
  const [name = '', secret = '', ...rest] = text.split(':')
  const refuse = (problem: string) => fail('HTTP_KEYS_INVALID', { place: rest.length > 0 ? name : place, problem })
  if (rest.length === 0) throw refuse('it has no scopes')
  if (!/^[\w.-]{1,64}$/.test(name)) throw refuse('its name must be of letters, digits, dots and dashes')
  if (secret.length < MIN_SECRET) throw refuse(`its secret must have at least ${MIN_SECRET} characters`)
  const scopes = rest.join(':').split('+')
  const unknown = scopes.find((scope) => !isScope(scope))
  if (unknown !== undefined) throw refuse(`there is no scope '${unknown}', only ${Object.keys(SCOPES).join(', ')}`)
  return { name, digest: sha256(secret), scopes: new Set(scopes as Scope[]) }
}
