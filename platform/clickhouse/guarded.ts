import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from 'chdb'
import type { DiskReserve } from '../disk/reserve.ts'
import type { PlayloopError } from '../errors.ts'
import { FAILED_WRITES, openWriteGuard, PARTS, type Part } from './failed-writes.ts'
import { parseRows } from './lines.ts'
import { quote } from './params.ts'
import type { Pool } from './pool.ts'

/** Runs a statement on a connection. */
export type Run = (session: Session, sql: string, format: string) => Promise<Uint8Array>

/** Connections on which a writing statement is done only when none of its writes failed. */
export interface GuardedWrites {
  run: Run
  refusal(): PlayloopError | undefined
  readonly beyondRepair: Promise<never>
  close(): Promise<void>
}

/** A merge may fail while no statement asks, ms; the parts it was made of are kept for eight minutes. */
const IDLE_CHECK_MS = 10_000

/** The guard of failed-writes.ts over the embedded engine; its own statements run on `pool`. */
export function guardWrites(pool: Pool<Session>, run: Run, reserve: DiskReserve): GuardedWrites {
  const rowsOn = async <T>(session: Session, sql: string): Promise<T[]> =>
    parseRows<T>(await run(session, sql, 'JSONEachRow'))
  const rows = <T>(sql: string): Promise<T[]> => pool.run((session) => rowsOn<T>(session, sql))
  const count = (found: readonly { failed: number }[]): number => found[0]?.failed ?? 0

  const failedWrites = async (): Promise<number> => count(await rows(FAILED_WRITES))
  const guard = openWriteGuard({
    failedWrites,
    parts: () => rows<Part>(PARTS),
    run: async (sql) => void (await pool.run((session) => run(session, sql, 'Null'))),
    isMerging: async () => (await rows('SELECT 1 FROM system.merges LIMIT 1')).length > 0,
    isWhole: async (part) => hasAllFiles(part.path) && (await passes(rows, part)),
    hasRoom: () => reserve.refusal() === undefined,
  })
  const checking = setInterval(() => void guard.run(nothing, failedWrites).catch(nothing), IDLE_CHECK_MS).unref()
  return {
    beyondRepair: guard.beyondRepair,
    refusal: () => guard.refusal(),
    run: (session, sql, format) =>
      guard.run(
        () => run(session, sql, format),
        async () => count(await rowsOn(session, FAILED_WRITES)),
      ),
    close() {
      clearInterval(checking)
      return guard.close()
    },
  }
}

const nothing = (): Promise<void> => Promise.resolve()

/** No file of a part is empty; the engine does not check those without a checksum. */
const hasAllFiles = (folder: string): boolean =>
  readdirSync(folder).every((name) => statSync(join(folder, name)).size > 0)

/** The engine reads all files of the part and compares them with its checksums. */
async function passes(rows: <T>(sql: string) => Promise<T[]>, { table, name }: Part): Promise<boolean> {
  try {
    const sql = `CHECK TABLE ${table} PART ${quote(name)} SETTINGS check_query_single_value_result = 0`
    return (await rows<{ is_passed: number }>(sql)).every(({ is_passed }) => is_passed === 1)
  } catch {
    return false
  }
}
