import { statfsSync } from 'node:fs'
import type { PlayloopError } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import { fail } from './errors.ts'

/**
 * Room that is kept free on a disk. A full disk is not an error like others: what fails to be written half-way leaves
 * engine and broker in states that they do not recover from (docs/decisions/0032). So nothing is written once less than
 * the reserve is free.
 */
export interface DiskReserve {
  /** Bytes to keep free. */
  readonly bytes: number
  /** DISK_LOW while nothing may be written; undefined = there is room. */
  refusal(): PlayloopError | undefined
  /** Throws DISK_LOW while nothing may be written. */
  check(): void
}

export interface ReserveOptions {
  /** Their file systems are looked at; a folder that does not exist (yet) is passed over. */
  readonly folders: readonly string[]
  /** Bytes to keep free on each of them; 0 = none. */
  readonly bytes: number
  /** How long an answer holds, ms; 0 (default) = the file system is asked each time (a few microseconds). */
  readonly holdMs?: number
  readonly now?: () => number
  readonly metrics?: Metrics
  /** Free bytes of the file system of a folder; undefined if the folder does not exist. */
  readonly freeOf?: (folder: string) => number | undefined
}

/**
 * Once refused, writing goes on when an eighth more than the reserve is free. Otherwise every write at the border would
 * turn readiness, merges and senders off and on.
 */
const RETURN = 1.125
/** Seconds after which a refused client sends again. */
const RETRY_AFTER_S = 5
const MB = 1_000_000

export function openReserve({
  folders,
  bytes,
  holdMs = 0,
  now = () => performance.now(),
  metrics,
  freeOf = freeBytes,
}: ReserveOptions): DiskReserve {
  const gauge = metrics?.gauge('playloop_disk_free_bytes', 'Free bytes where data is written', ['folder'])
  metrics?.gauge('playloop_disk_reserve_bytes', 'Free bytes under which nothing is written').set(bytes)
  let refused: PlayloopError | undefined
  let lookedAt = -Infinity
  const look = (): PlayloopError | undefined => {
    const wanted = refused === undefined ? bytes : bytes * RETURN
    for (const folder of folders) {
      const free = freeOf(folder)
      if (free !== undefined) gauge?.set({ folder }, free)
      if (free !== undefined && free < wanted)
        return fail('DISK_LOW', {
          folder,
          free: Math.floor(free / MB),
          reserve: Math.ceil(bytes / MB),
          retryAfter: RETRY_AFTER_S,
        })
    }
    return undefined
  }
  const refusal = (): PlayloopError | undefined => {
    const at = now()
    if (at - lookedAt < holdMs) return refused
    lookedAt = at
    refused = look()
    return refused
  }
  return {
    bytes,
    refusal,
    check() {
      const error = refusal()
      if (error !== undefined) throw error
    },
  }
}

/** A reserve of nothing: for tests, and where the disk is somebody else's. */
export const noReserve: DiskReserve = { bytes: 0, refusal: () => undefined, check: () => undefined }

/** What a process without privileges can still write, bytes. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}
