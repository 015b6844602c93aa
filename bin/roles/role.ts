import type { Arguments, Flags } from '../cli.ts'
import type { Info, Json, Stats } from '../../platform/process/protocol.ts'
import type { RoleContext } from '../../platform/role.ts'

/** A role that runs in this process. */
export interface StartedRole {
  /** Where to find it. */
  readonly info: Info
  readonly done: Promise<void>
  stop(): Promise<void>
  stats(): Stats
  readonly answers?: Readonly<Record<string, () => Promise<Json>>>
}

/** A role of `playloop run`. */
export interface Role {
  readonly summary: string
  readonly flags: Flags
  /** Serves on after its supervisor vanished, so that the others can drain into it, ms. */
  readonly graceMs?: number
  start(ctx: RoleContext, args: Arguments): Promise<StartedRole>
}
