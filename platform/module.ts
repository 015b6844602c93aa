import type { AggregateAudit } from './audit.ts'
import type { Arguments, Flags } from './cli/flags.ts'
import type { Migration } from './clickhouse/migrate.ts'
import type { Store } from './clickhouse/port.ts'
import type { HttpServer } from './http/edge.ts'
import type { Job } from './jobs/job.ts'
import type { Info } from './process/protocol.ts'
import type { Reports, Role, RoleContext, RunningRole } from './role.ts'
import type { Services } from './services.ts'
import type { Settings } from './settings.ts'
import type { Signals } from './signals.ts'
import type { TouchedDomain } from './touched.ts'

/** What the parts of a module are given when their process starts. */
export interface PartContext extends RoleContext {
  readonly store: Store
  readonly modules: readonly Module[]
  readonly services: Services
  readonly signals: Signals
}

export interface RunningPart extends RunningRole, Reports {
  /** Where to find it: `url` and the like. */
  readonly info?: Info
  /** False: the process is not ready, and says so. */
  ready?(): boolean
  /** Whoever sends to it has ended: resolves when what they sent has been dealt with, or after its own limit. */
  caughtUp?(): Promise<void>
}

/** The roles that share a store: on one machine all of them run in one process, since the embedded engine allows one. */
export type StoreRole = 'sink' | 'api' | 'detect'

/** Something that runs beside others in one process, such as a consumer or a view in memory. */
export interface Part {
  readonly roles: readonly StoreRole[]
  /** Ready when it resolves. What it offers to modules after it in the list, it provides before. */
  start(ctx: PartContext): Promise<RunningPart>
}

/**
 * What a module takes part in: everything that `playloop start`, `run`, `audit` and `validate`, the page of the
 * configuration and the check of the compose file know of it. `bin/modules.ts` lists the modules; adding one is its
 * folder and a line there. What is heavy is imported when it is started: every command reads all manifests.
 */
export interface Module {
  /** Its folder, such as `streams/qoe`. */
  readonly name: string
  /** Modules whose tables or parts it builds on: they come first. */
  readonly after?: readonly string[]
  readonly settings?: readonly Settings[]
  /** Checks what only reading a file can tell, for `playloop validate`; throws an error with a code. */
  readonly validate?: (ctx: Pick<RoleContext, 'config'>) => void | Promise<void>
  /** Its tables, in the order they build on one another. */
  readonly migrations?: readonly Migration[]
  /** Aggregates that are recomputed per touched key; the frame makes their tables with the module's migrations. */
  readonly domains?: readonly TouchedDomain[]
  /** How its aggregates are proved. */
  readonly audits?: (store: Store) => readonly AggregateAudit[] | Promise<readonly AggregateAudit[]>
  /** Brings what it derives up to what has landed, before a proof. */
  readonly settle?: (ctx: Omit<PartContext, 'services' | 'signals'>) => Promise<void>
  /** Periodic work of the role `sink`: one process, one CPU budget. */
  readonly jobs?: (ctx: PartContext) => readonly Job[]
  readonly parts?: readonly Part[]
  /** Its routes, in the role `api`. What they hold open ends in Fastify's own hooks (preClose, onClose). */
  readonly routes?: (app: HttpServer, ctx: PartContext) => void | Promise<void>
  /** Roles of a process of their own. */
  readonly roles?: Readonly<Record<string, Role>>
  readonly commands?: Readonly<Record<string, Command>>
}

/** What a command is given. */
export interface CommandContext {
  readonly modules: readonly Module[]
  /** Opens configuration, clock, logger and metrics; `data` stands over PLAYLOOP_DATA. */
  readonly open: (name: string, data?: string) => RoleContext
  /** Log and store of the data folder for this command alone: the broker is started where none is configured. */
  readonly withLocalData: <T>(ctx: RoleContext, work: (ctx: RoleContext, store: Store) => Promise<T>) => Promise<T>
  /** Aborted by SIGINT and SIGTERM. */
  readonly interrupted: AbortSignal
}

/** A command of the CLI. */
export interface Command {
  readonly summary: string
  /** What follows the command's name. */
  readonly usage: string
  readonly flags: Flags
  /** Words it takes; a command that passes everything on takes any flag too. */
  readonly words?: { readonly least: number; readonly most: number }
  readonly passesOn?: boolean
  readonly details?: string
  /** Runs, and is not listed: a name that is going away. */
  readonly hidden?: boolean
  /** Returns the exit code. */
  run(args: Arguments, raw: readonly string[], context: CommandContext): Promise<number>
}
