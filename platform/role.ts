import type { Arguments, Flags } from './cli/flags.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Info, Json, Stats } from './process/protocol.ts'
import type { Variable } from './settings.ts'

/** Context that every role receives; a role reads nothing from the process itself. */
export interface RoleContext {
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

/** A running role; it is ready once it is returned. */
export interface RunningRole {
  /** Drains and stops without losing anything acknowledged. */
  stop(): Promise<void>
  /** Settles when the role ends by itself; rejects with the reason if it failed. */
  readonly done: Promise<void>
}

/** What a role reports to its supervisor. */
export interface Reports {
  /** Counters for the progress line and the summary. */
  stats?(): Stats
  /** Queries that the role answers, by name. */
  readonly answers?: Readonly<Record<string, () => Promise<Json>>>
}

export interface StartedRole extends RunningRole, Reports {
  /** Address and similar details, such as `url`. */
  readonly info: Info
}

export interface Listening {
  readonly variable: Variable<number>
  readonly what: string
  readonly flag: string
}

/** A role as a process of `playloop start`. */
export interface LocalRole {
  /** Roles that must be ready before this one starts; they stop after it. */
  readonly after: readonly string[]
  /** The role's flags that `start` accepts and passes on. */
  readonly flags?: Flags
  /** Arguments derived from the addresses of the other roles. */
  args?(infos: ReadonlyMap<string, Info>): readonly string[]
}

/** A role of `playloop run`, which runs as one process. */
export interface Role {
  readonly summary: string
  readonly flags: Flags
  /** The port it listens on, a description of what listens there, and the `start` flag for it. */
  readonly listens?: Listening
  /** How it runs in `playloop start`; if absent, it does not run there. */
  readonly local?: LocalRole
  /** How long it keeps serving after its supervisor has disappeared, so that others can drain into it, ms. */
  readonly graceMs?: number
  start(ctx: RoleContext, args: Arguments): Promise<StartedRole>
}
