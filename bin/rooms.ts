import type { Store } from '../platform/clickhouse/port.ts'
import type { Json } from '../platform/process/protocol.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import type { RunningSink } from '../streams/sink/main.ts'
import { fail } from './errors.ts'

/** What the rooms offer to the CLI. A room is loaded when it is used; one that this version lacks is a clear error then. */
export interface WorldOptions {
  readonly collectorUrl: string
  readonly seed: number
  readonly speed: number
  readonly backfillDays: number
  /** Events a second to aim at; none = what the world's viewers do. */
  readonly rate?: number | undefined
}
export type RunningWorld = RunningRole & { stats(): Readonly<Record<string, Json>> }
export type RunningApi = RunningRole & { readonly url: string; visible?(): { readonly p50: number; readonly p99: number } }

export interface ReplayOptions {
  readonly source: string
  readonly from: string
  readonly collectorUrl: string
  /** Times as fast as it happened; 0 = as fast as it goes. */
  readonly speed: number
  readonly limit?: number | undefined
}

export interface AuditOptions {
  readonly store: Store
}
export type AuditReport = { readonly holds: boolean } & Readonly<Record<string, Json>>

export const startWorld = async (ctx: RoleContext, options: WorldOptions): Promise<RunningWorld> =>
  (await room<{ startWorld(ctx: RoleContext, options: WorldOptions): Promise<RunningWorld> }>('producers/simulator/main.ts', 'simulated world')).startWorld(ctx, options)

export const startApi = async (ctx: RoleContext, options: { store: Store; sink?: RunningSink }): Promise<RunningApi> =>
  (await room<{ startApi(ctx: RoleContext, options: { store: Store; sink?: RunningSink }): Promise<RunningApi> }>('api/server.ts', 'API')).startApi(ctx, options)

export const replay = async (ctx: RoleContext, options: ReplayOptions): Promise<Json> =>
  (await room<{ replay(ctx: RoleContext, options: ReplayOptions): Promise<Json> }>('producers/replay/main.ts', 'replay')).replay(ctx, options)

export const audit = async (ctx: RoleContext, options: AuditOptions): Promise<AuditReport> =>
  (await room<{ audit(ctx: RoleContext, options: AuditOptions): Promise<AuditReport> }>('streams/audit/index.ts', 'audit')).audit(ctx, options)

export const replayDeadLetters = async (ctx: RoleContext, options: { store: Store }): Promise<Json> =>
  (await room<{ replayDeadLetters(ctx: RoleContext, options: { store: Store }): Promise<Json> }>('streams/sink/replay.ts', 'replay of dead letters')).replayDeadLetters(ctx, options)

async function room<T>(path: string, what: string): Promise<T> {
  try {
    return (await import(`../${path}`)) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && String(error).includes(path)) throw fail('CLI_ROOM_MISSING', { what }, error)
    throw error
  }
}
