import type { Store } from '../platform/clickhouse/port.ts'
import type { Json } from '../platform/process/protocol.ts'
import type { RoleContext } from '../platform/role.ts'
import { fail } from './errors.ts'

/** A part that this version may lack: loaded when it is used, and a clear error then. */
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
