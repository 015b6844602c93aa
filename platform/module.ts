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
import type { TopicName } from '../schemas/topics.ts'

/** Context that a module's parts receive when their process starts. */
export interface PartContext extends RoleContext {
  readonly store: Store
  readonly modules: readonly Module[]
  readonly services: Services
  readonly signals: Signals
}

export interface RunningPart extends RunningRole, Reports {
  /** Address and similar details, such as `url`. */
  readonly info?: Info
  /** Returns false while the process is not ready; readiness checks then fail. */
  ready?(): boolean
  /**
   * Called when all senders to this part have ended: resolves when what they sent is processed, or after the part's own
   * time limit.
   */
  caughtUp?(): Promise<void>
}

/**
 * Roles that share a store. On one machine they all run in one process, because only one process may open the embedded
 * engine.
 */
export type StoreRole = 'sink' | 'api' | 'detect'

/** A component that runs with others in one process, such as a consumer or an in-memory view. */
export interface Part {
  readonly roles: readonly StoreRole[]
  /** Resolves when the part is ready. It provides its services before that, for the modules after it in the list. */
  start(ctx: PartContext): Promise<RunningPart>
}

/**
 * A module's manifest: everything that `playloop start`, `run`, `audit`, `validate`, the configuration page and the
 * compose file check know about the module. `bin/modules.ts` lists the modules; adding one takes its folder and one
 * line there. Heavy dependencies are imported when a part starts, because every command reads all manifests.
 */
export interface Module {
  /** Its folder, such as `streams/qoe`. */
  readonly name: string
  /** Modules whose tables or parts this one uses; they come first. */
  readonly after?: readonly string[]
  readonly settings?: readonly Settings[]
  /** Checks for `playloop validate` that need to read a file; throws an error with a code. */
  readonly validate?: (ctx: Pick<RoleContext, 'config'>) => void | Promise<void>
  /** The module's tables, ordered so that each comes after the ones it builds on. */
  readonly migrations?: readonly Migration[]
  /** Aggregates that are recomputed per touched key; their tables are created together with the module's migrations. */
  readonly domains?: readonly TouchedDomain[]
  /** How the module's aggregates are audited. */
  readonly audits?: (store: Store) => readonly AggregateAudit[] | Promise<readonly AggregateAudit[]>
  /** Brings derived data up to date with the landed events before an audit. */
  readonly settle?: (ctx: Omit<PartContext, 'services' | 'signals'>) => Promise<void>
  /**
   * Derives again what the module's jobs derive from a topic's landing table, after rows came back to it (`playloop
   * rebuild`); repeating it changes nothing. What views derive needs no code.
   */
  readonly rebuild?: (ctx: Omit<PartContext, 'services' | 'signals'>, topic: TopicName) => Promise<void>
  /** Periodic jobs of the `sink` role: one process, one CPU budget. */
  readonly jobs?: (ctx: PartContext) => readonly Job[]
  readonly parts?: readonly Part[]
  /** Routes served by the `api` role. Open connections are ended in Fastify's own hooks (preClose, onClose). */
  readonly routes?: (app: HttpServer, ctx: PartContext) => void | Promise<void>
  /** Roles that run in their own process. */
  readonly roles?: Readonly<Record<string, Role>>
  readonly commands?: Readonly<Record<string, Command>>
}

/** Context that a command receives. */
export interface CommandContext {
  readonly modules: readonly Module[]
  /** Opens configuration, clock, logger and metrics; `data` overrides PLAYLOOP_DATA. */
  readonly open: (name: string, data?: string) => RoleContext
  /** Log and store of the data folder for the duration of this command; starts a local broker if none is configured. */
  readonly withLocalData: <T>(ctx: RoleContext, work: (ctx: RoleContext, store: Store) => Promise<T>) => Promise<T>
  /** Aborted by SIGINT and SIGTERM. */
  readonly interrupted: AbortSignal
}

/** A command of the CLI. */
export interface Command {
  readonly summary: string
  /** Arguments after the command's name, as shown in the help. */
  readonly usage: string
  readonly flags: Flags
  /** Number of positional arguments; a command that passes its arguments through accepts any flag too. */
  readonly words?: { readonly least: number; readonly most: number }
  readonly passesOn?: boolean
  readonly details?: string
  /** The command works but is not listed: a deprecated name. */
  readonly hidden?: boolean
  /** Returns the exit code. */
  run(args: Arguments, raw: readonly string[], context: CommandContext): Promise<number>
}
