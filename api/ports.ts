import { service } from '../platform/services.ts'
import type { SessionsLag } from '../streams/qoe/index.ts'
import type { LiveService } from './qoe/service.ts'

/** What the API needs of the sink when both run in one process. */
export interface SinkStats {
  readonly rows: number
  readonly deadLetters: number
  readonly inserts: number
  readonly retries: number
  readonly lag: number
  readonly insertMs: { readonly p50: number; readonly p99: number }
  readonly partitions: readonly {
    readonly topic: string
    readonly partition: number
    readonly committed: number
    readonly end: number
    readonly lag: number
    readonly paused: string
  }[]
}

export interface SinkPort {
  stats(): SinkStats
  /** Told of each insert that was acknowledged; returns how to stop listening. */
  onLanded(listener: (topic: string) => void): () => void
}

/** What the API needs of the job that makes sessions, where it runs in the same process. */
export interface SessionsPort {
  /** As of a moment ago; undefined = not known. */
  lag(): SessionsLag | undefined
}

/** The live view of the process. */
export const LIVE = service<LiveService>('qoe.live')
/** The sink, where it runs in the same process. */
export const SINK = service<SinkPort>('sink')
/** How far sessions are made, where the job runs in the same process. */
export const SESSIONS_LAG = service<SessionsPort>('qoe.sessions.lag')
