import type { StickyDocument, StickyDocuments } from '../../models/experiments/assign/index.ts'
import type { Context, Kind, Resolution, Resolver } from './resolve.ts'

/** Storage of sticky buckets on a page: synchronous reads and writes. */
export interface Buckets {
  read(keys: readonly string[]): StickyDocuments
  write(key: string, document: StickyDocument): void
}

/** Storage of sticky buckets on a server, asynchronous. If it throws, the evaluation fails with that error. */
export interface RemoteBuckets {
  read(keys: readonly string[]): Promise<StickyDocuments>
  write(key: string, document: StickyDocument): Promise<void>
}

/** The arguments of an evaluation. */
export type Question<T> = readonly [key: string, kind: Kind, fallback: T, context: Context]

/** Without buckets, assignments are not sticky. */
export function resolveSticky<T>(
  resolver: Resolver,
  buckets: Buckets | undefined,
  question: Question<T>,
): Resolution<T> {
  const known = buckets?.read(resolver.stickyKeys(question[3]))
  const { resolution, sticky } = resolver.resolve(...question, known)
  for (const [key, document] of changed(known, sticky)) buckets?.write(key, document)
  return resolution
}

/** The bucket is written before the value is returned: a value that was seen is the one that sticks. */
export async function resolveRemote<T>(
  resolver: Resolver,
  buckets: RemoteBuckets | undefined,
  question: Question<T>,
): Promise<Resolution<T>> {
  const known = await buckets?.read(resolver.stickyKeys(question[3]))
  const { resolution, sticky } = resolver.resolve(...question, known)
  for (const [key, document] of changed(known, sticky)) await buckets?.write(key, document)
  return resolution
}

const changed = (known: StickyDocuments = {}, sticky: StickyDocuments = known): [string, StickyDocument][] =>
  Object.entries(sticky).filter(([key, document]) => document !== known[key])

const PREFIX = 'gbStickyBuckets__'

/**
 * Keeps buckets in a page's storage, under the names of GrowthBook's own SDK, so that a page that changes its SDK keeps
 * its buckets. Unreadable entries count as absent.
 */
export function storageBuckets(storage: Pick<Storage, 'getItem' | 'setItem'>): Buckets {
  return {
    read: (keys) =>
      Object.fromEntries(
        keys.flatMap((key) => {
          const document = readDocument(storage, PREFIX + key)
          return document === undefined ? [] : [[key, document]]
        }),
      ),
    write(key, document) {
      try {
        storage.setItem(PREFIX + key, JSON.stringify(document))
      } catch {
        /* storage is full or forbidden: the unit is bucketed by its hash again */
      }
    },
  }
}

function readDocument(storage: Pick<Storage, 'getItem'>, name: string): StickyDocument | undefined {
  try {
    return JSON.parse(storage.getItem(name) ?? '') as StickyDocument
  } catch {
    return undefined
  }
}
