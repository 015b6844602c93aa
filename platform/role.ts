import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

/** What every role is given; a role takes nothing from the process by itself. */
export interface RoleContext {
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

/** A role that runs: ready when it was returned. */
export interface RunningRole {
  /** Drains and ends; nothing acknowledged is lost by it. */
  stop(): Promise<void>
  /** Settles when the role ends by itself: rejects with the reason when it failed. */
  readonly done: Promise<void>
}
