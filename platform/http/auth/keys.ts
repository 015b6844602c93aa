import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sha256 } from '../../hash.ts'
import { fail } from '../errors.ts'
import type { AuthSettings } from '../settings.ts'
import { isScope, SCOPES, type Principal, type Scope } from './scopes.ts'

/** A bearer key in memory: the digest of its secret, never the secret. */
export interface ApiKey extends Principal {
  readonly digest: Buffer
}

/** Shorter secrets can be guessed. */
const MIN_SECRET = 16

/** Reads the configured keys; throws HTTP_KEYS_INVALID or HTTP_KEYS_UNREADABLE. */
export function configuredKeys(settings: AuthSettings): ApiKey[] {
  const keys = keyTexts(settings).map((text, index) => parseKey(text, index + 1))
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

/** The secret of the first configured key with this scope, for our own programs that send requests. */
export function secretWith(settings: AuthSettings, scope: Scope): string | undefined {
  const texts = settings.off ? [] : keyTexts(settings)
  return texts.find((text, index) => parseKey(text, index + 1).scopes.has(scope))?.split(':')[1]
}

/** A new key in the form of the configuration: `NAME:SECRET:scope+scope`. */
export const newKey = (name: string, scopes: readonly Scope[]): string =>
  `${name}:${randomBytes(24).toString('base64url')}:${scopes.join('+')}`

/** `NAME:SECRET:scope+scope` of each key; empty parts and comments (#) are skipped. */
const keyTexts = ({ keys, keysFile }: AuthSettings): string[] =>
  [...keys, ...linesOf(keysFile)].map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('#'))

function linesOf(file: string): string[] {
  if (file === '') return []
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    throw fail('HTTP_KEYS_UNREADABLE', { file }, error)
  }
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
