import type { Arguments, Flags } from './cli/flags.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Info, Json, Stats } from './process/protocol.ts'
import type { Variable } from './settings.ts'

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

/** What a role tells its supervisor. */
export interface Reports {
  /** Counters for the line of progress and the summary. */
  stats?(): Stats
  /** Questions it answers, by name. */
  readonly answers?: Readonly<Record<string, () => Promise<Json>>>
}

export interface StartedRole extends RunningRole, Reports {
  /** Where to find it: `url` and the like. */
  readonly info: Info
}

export interface Listening {
  readonly variable: Variable<number>
  readonly what: string
  readonly flag: string
}

/** A role as one of the processes of `playloop start`. */
export interface LocalRole {
  /** Roles that must be ready first; they end after it. */
  readonly after: readonly string[]
  /** Of its flags, those that `start` takes and passes on. */
  readonly flags?: Flags
  /** Arguments that follow from where the others are. */
  args?(infos: ReadonlyMap<string, Info>): readonly string[]
}

/** A role of `playloop run`: one process. */
export interface Role {
  readonly summary: string
  readonly flags: Flags
  /** The port it listens on, what listens there in words, and the flag of `start` for it. */
  readonly listens?: Listening
  /** Its place in `playloop start`; absent: it takes no part in that. */
  readonly local?: LocalRole
  /** Serves on after its supervisor vanished, so that the others can drain into it, ms. */
  readonly graceMs?: number
  start(ctx: RoleContext, args: Arguments): Promise<StartedRole>
}
