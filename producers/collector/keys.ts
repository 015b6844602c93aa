import { timingSafeEqual } from 'node:crypto'
import type { TopicName } from '../../schemas/topics.ts'
import { errorCode } from '../../platform/errors.ts'
import type { Config } from '../../platform/config.ts'
import { sha256 } from '../../platform/hash.ts'
import { secretWith } from '../../platform/http/auth/keys.ts'
import type { Auth } from '../../platform/http/index.ts'
import { fail } from './errors.ts'
import { COLLECTOR } from './settings.ts'

/** What a request may do: the name its rate limit counts under, and the topics it may write. */
export interface Grant {
  /** Never the key itself: the name is a label of metrics and of the rate limiter. */
  readonly name: string
  /** Undefined means every topic that is open to producers. */
  readonly topics?: ReadonlySet<string>
}

export interface RequestKeys {
  readonly authorization?: string | undefined
  readonly ingestKey?: string | undefined
  /** `?key=`, for beacons, which cannot set headers. */
  readonly query?: string | undefined
}

export interface KeyRing {
  /** Whether access is restricted at all: see `Auth`. */
  readonly access: Auth['state']
  /** The grant of a request; undefined if it presents no known key. Throws HTTP_SCOPE or HTTP_ISSUER_AWAY. */
  find(presented: RequestKeys): Grant | undefined | Promise<Grant | undefined>
}

/**
 * Key ring as configured: `KEY` writes every topic, `KEY@topic+topic` only the topics named, which is the form to give
 * to a page. Keys and tokens of the whole process with the scope `write:events` are accepted too. Without any of these,
 * everyone may write (development). Digests are compared in constant time, each with all configured keys.
 */
export function keyRing(configured: readonly string[], open: readonly TopicName[], auth?: Auth): KeyRing {
  const entries = configured.map((text) => entryOf(text, open))
  const shared = auth?.state === 'on' && auth.grants('write:events') ? auth : undefined
  if (entries.length === 0 && shared === undefined)
    return { access: auth?.state === 'off' ? 'off' : 'open', find: () => ({ name: OPEN }) }
  return {
    access: 'on',
    find(presented) {
      const key = keyOf(presented) ?? ''
      const digest = sha256(key)
      let found: Grant | undefined
      for (const entry of entries) if (timingSafeEqual(entry.digest, digest)) found = entry.grant
      return found === undefined && shared !== undefined && key !== '' ? grantOf(shared, key) : found
    },
  }
}

/** Name of the sender if no key is required. */
export const OPEN = 'open'

async function grantOf(auth: Auth, key: string): Promise<Grant | undefined> {
  try {
    return { name: (await auth.admit({ authorization: `Bearer ${key}` }, 'write:events')).name }
  } catch (error) {
    if (errorCode(error) === 'HTTP_TOKEN_INVALID') return undefined
    throw error
  }
}

export const mayWrite = ({ topics }: Grant, topic: TopicName): boolean => topics === undefined || topics.has(topic)

function keyOf({ authorization, ingestKey, query }: RequestKeys): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  return bearer ?? ingestKey ?? query
}

function entryOf(text: string, open: readonly string[]): { digest: Buffer; grant: Grant } {
  const at = text.lastIndexOf('@')
  const digest = sha256(at === -1 ? text : text.slice(0, at))
  const name = `key-${digest.toString('hex', 0, 4)}`
  if (at === -1) return { digest, grant: { name } }
  const topics = text.slice(at + 1).split('+')
  const unknown = topics.find((topic) => !open.includes(topic))
  // A misspelt topic would cause every request to be refused later, so it is reported at start.
  if (unknown !== undefined) throw fail('COLLECTOR_KEY_TOPIC', { topic: unknown })
  return { digest, grant: { name, topics: new Set(topics) } }
}

/** A configured key that may write every topic, for our own producers; '' if none is configured. */
export const producerKey = (config: Config): string =>
  config.of(COLLECTOR).ingestKeys.find((key) => !key.includes('@')) ??
  secretWith(config.http.auth, 'write:events') ??
  ''
