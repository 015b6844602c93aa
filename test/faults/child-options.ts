import type { TopicName } from '../../schemas/topics.ts'
import type { SinkStats } from '../../streams/sink/report.ts'
import type { Kill } from './kill-points.ts'

/** How a sink's process is started. */
export interface SinkOptions {
  readonly brokers: readonly string[]
  readonly group: string
  readonly instanceId: string
  /** Folder of the embedded engine; '' with a server. */
  readonly dataDir: string
  /** A server's URL; '' = the embedded engine. */
  readonly url: string
  readonly kill?: Kill
  /** The engine stands still for `ms` at the insert of that number. */
  readonly stall?: { readonly pass: number; readonly ms: number }
  readonly topics?: readonly TopicName[]
  readonly sessionTimeoutMs?: number
  readonly batchRows?: number
  readonly insertsPerSecond?: number
}

/** What the process answers to 'stats'. */
export interface ChildStats extends SinkStats {
  readonly rssBytes: number
  readonly stalled: boolean
  /** Epochs begun: more than one = it joined again. */
  readonly epochs: number
}
