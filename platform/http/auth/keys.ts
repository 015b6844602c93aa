import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../hash.ts'
import { fail } from '../errors.ts'
import { isScope, SCOPES, type Principal, type Scope } from './scopes.ts'

/** A bearer key as it is held: the digest of its secret, never the secret. */
export interface ApiKey extends Principal {
  readonly digest: Buffer
}

/** Shorter secrets can be guessed. */
const MIN_SECRET = 16

/** Reads `NAME:SECRET:scope+scope` a part; empty parts and those that begin with # are passed over. */
export function parseKeys(parts: readonly string[]): ApiKey[] {
  const keys = parts
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'))
    .map((part, index) => parseKey(part, index + 1))
  const double = keys.find(({ name }, index) => keys.findIndex((other) => other.name === name) !== index)
  if (double !== undefined) throw fail('HTTP_KEYS_INVALID', { place: double.name, problem: 'its name stands twice' })
  return keys
}

/** The key whose secret this is. Each is compared, in constant time, so that the time tells nothing. */
export function findKey(keys: readonly ApiKey[], secret: string): ApiKey | undefined {
  const digest = sha256(secret)
  let found: ApiKey | undefined
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key
  return found
}

/** Faults name the key by its name or place: its secret must not reach a log. */
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
