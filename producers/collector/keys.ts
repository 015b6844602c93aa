import { timingSafeEqual } from 'node:crypto'
import type { TopicName } from '../../schemas/topics.ts'
import { errorCode } from '../../platform/errors.ts'
import { sha256 } from '../../platform/hash.ts'
import type { Auth } from '../../platform/http/index.ts'
import { fail } from './errors.ts'

/** What a request may do: the name under which it is limited, and the topics it may write. */
export interface Grant {
  /** Never the key itself: it is a metric's and a limiter's label. */
  readonly name: string
  /** Undefined = every topic that is open to producers. */
  readonly topics?: ReadonlySet<string>
}

export interface RequestKeys {
  readonly authorization?: string | undefined
  readonly ingestKey?: string | undefined
  /** `?key=`, for beacons, which can set no header. */
  readonly query?: string | undefined
}

export interface KeyRing {
  /** Whether anything says who may send: see `Auth`. */
  readonly access: Auth['state']
  /** The grant of a request; undefined when it presents no key that is known. Throws HTTP_SCOPE or HTTP_ISSUER_AWAY. */
  find(presented: RequestKeys): Grant | undefined | Promise<Grant | undefined>
}

/**
 * Keys as configured: `KEY` writes every topic, `KEY@topic+topic` only those named, which is what a page should carry;
 * beside them keys and tokens of the whole process that have the scope `write:events`. Without any of these everybody may
 * write (development). Keys are compared by their digests in constant time, each with all.
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

/** Who sends where nobody is asked for a key. */
export const OPEN = 'open'

async function grantOf(auth: Auth, key: string): Promise<Grant | undefined> {
  try {
    return { name: (await auth.admit(`Bearer ${key}`, 'write:events')).name }
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
  // A misspelt scope would refuse everything later: said at start instead.
  if (unknown !== undefined) throw fail('COLLECTOR_KEY_TOPIC', { topic: unknown })
  return { digest, grant: { name, topics: new Set(topics) } }
}
