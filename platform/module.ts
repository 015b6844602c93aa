import type { AggregateAudit } from './audit.ts'
import type { Migration } from './clickhouse/migrate.ts'
import type { Store } from './clickhouse/port.ts'
import type { HttpServer } from './http/edge.ts'
import type { Job } from './jobs/job.ts'
import type { RoleContext, RunningRole } from './role.ts'
import type { Services } from './services.ts'

/** What the parts of a module are given when their process starts. */
export interface PartContext extends RoleContext {
  readonly store: Store
  readonly services: Services
}

/** Something that runs beside others in one process, such as a consumer or a view in memory. */
export interface Part {
  /** The role it belongs to: `sink`, `api`, `detect`. The role `store` runs the parts of all three. */
  readonly role: string
  /** Ready when it resolves. What it offers to modules after it in the list, it provides before. */
  start(ctx: PartContext): Promise<RunningRole>
}

/**
 * What a module takes part in: everything that `playloop start`, `run`, `audit` and `validate`, the page of the
 * configuration and the check of the compose file know of it. `bin/modules.ts` lists the modules; adding one is its folder
 * and a line there.
 */
export interface Module {
  /** Its folder, such as `streams/qoe`. */
  readonly name: string
  /** Its tables, in the order they build on one another. */
  readonly migrations?: readonly Migration[]
  /** How its aggregates are proved. */
  readonly audits?: (store: Store) => readonly AggregateAudit[] | Promise<readonly AggregateAudit[]>
  /** Periodic work of the role `sink`: one process, one CPU budget. */
  readonly jobs?: (ctx: PartContext) => readonly Job[]
  readonly parts?: readonly Part[]
  /** Its routes, in the role `api`. What they hold open ends in Fastify's own hooks (preClose, onClose). */
  readonly routes?: (app: HttpServer, ctx: PartContext) => void | Promise<void>
}
