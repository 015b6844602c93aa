import { statSync } from 'node:fs'
import type { PlayloopError } from '../errors.ts'
import { fail } from './errors.ts'

/**
 * The embedded engine ignores a write(2) that fails: chdb 3.4.0 (ClickHouse 26.7) counts it and goes on, so a statement
 * that met a full disk is acknowledged although its files are empty or cut off (docs/decisions/0032). The count is what
 * this file relies on: no statement counts as done before the engine has said that no write failed.
 */
export const FAILED_WRITES =
  "SELECT toFloat64(sum(value)) AS failed FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'"

/** An active part, as system.parts has it. */
export interface Part {
  readonly table: string
  readonly name: string
  /** Folder of its files. */
  readonly path: string
  /** 1 if an insert wrote it; 0 if a merge or a mutation made it from other parts. */
  readonly fresh: 0 | 1
}

/** An insert writes one block. What was made of it by a merge or a mutation replaces a part that is still there, inactive. */
export const PARTS = `WITH replaced AS (SELECT table, partition_id, min_block_number FROM system.parts WHERE NOT active AND database = currentDatabase())
SELECT table, name, path, toUInt8(min_block_number = max_block_number AND toInt64(data_version) = toInt64(min_block_number)
  AND (table, partition_id, min_block_number) NOT IN replaced) AS fresh
FROM system.parts WHERE active AND database = currentDatabase()`

/** What the guard needs of the engine. */
export interface GuardedEngine {
  /** Writes of this process that failed since it began. */
  failedWrites(): Promise<number>
  parts(): Promise<readonly Part[]>
  run(sql: string): Promise<void>
  isMerging(): Promise<boolean>
  /** Whether all files of a part are as they were meant. */
  isWhole(part: Part): Promise<boolean>
  /** Whether there is room to write. */
  hasRoom(): boolean
}

export interface WriteGuard {
  /**
   * Runs a writing statement, then asks (on the same connection) whether a write failed. Rejects with
   * STORE_WRITE_FAILED if one did since the last statement that is known to be whole: repeat it.
   */
  run<T>(statement: () => Promise<T>, failedWrites: () => Promise<number>): Promise<T>
  /** STORE_WRITE_FAILED while the tables are being mended. */
  refusal(): PlayloopError | undefined
  /** Rejects with STORE_PART_BROKEN once only a restart can mend the tables. */
  readonly beyondRepair: Promise<never>
  /** Mends what is left, with or without room. */
  close(): Promise<void>
}

const POLL_MS = 100

/**
 * Mends the tables after a write failed. Parts that inserts have written since the tables were last known to be whole
 * belong to statements that were refused: they are dropped, and with them the tokens by which the tables would drop the
 * identical statement when it comes again. A merged part holds rows of others: one that is not whole can only be
 * replaced by the parts it was made of, which the engine does when it starts.
 */
export function openWriteGuard(engine: GuardedEngine, now: () => number = Date.now): WriteGuard {
  const running = new Set<Promise<unknown>>()
  const beyondRepair = Promise.withResolvers<never>()
  beyondRepair.promise.catch(() => undefined)
  let [wholeSince, known] = [now(), 0]
  let mending: Promise<void> | undefined
  let closing = false

  /** Everything written before this moment is whole if no write has failed by then. */
  const check = async (failedWrites: () => Promise<number>): Promise<boolean> => {
    const at = now()
    if ((await failedWrites()) !== known || mending !== undefined) return false
    wholeSince = Math.max(wholeSince, at)
    return true
  }
  const mend = async (): Promise<void> => {
    await Promise.allSettled(running)
    await engine.run('SYSTEM STOP MERGES')
    while (await engine.isMerging()) await pause()
    for (let tries = 1; ; tries++) {
      while (!engine.hasRoom() && !closing) await pause()
      const before = await engine.failedWrites()
      await dropUnfinished(engine, wholeSince)
      const failed = await engine.failedWrites()
      if (failed !== before && !closing && tries < MAX_TRIES) continue
      known = failed
      break
    }
    if (engine.hasRoom()) await engine.run('SYSTEM START MERGES')
    wholeSince = now()
  }
  const begin = (): void => {
    mending ??= mend().then(
      () => {
        mending = undefined
      },
      (error: unknown) => beyondRepair.reject(error),
    )
  }
  const run = async <T>(statement: () => Promise<T>, failedWrites: () => Promise<number>): Promise<T> => {
    const [result] = await Promise.allSettled([statement()])
    if (!(await check(failedWrites))) {
      begin()
      throw fail('STORE_WRITE_FAILED', {}, result.status === 'rejected' ? result.reason : undefined)
    }
    if (result.status === 'rejected') throw result.reason
    return result.value
  }
  return {
    beyondRepair: beyondRepair.promise,
    refusal: () => (mending === undefined ? undefined : fail('STORE_WRITE_FAILED')),
    run(statement, failedWrites) {
      if (mending !== undefined) return Promise.reject(fail('STORE_WRITE_FAILED'))
      const work = run(statement, failedWrites)
      running.add(work)
      const forget = (): void => void running.delete(work)
      work.then(forget, forget)
      return work
    },
    async close() {
      closing = true
      await mending
    },
  }
}

/** The drops are written to logs of tokens: with the disk at its end they may fail for a while. */
const MAX_TRIES = 100
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS))

/** File systems tell the time of a change by a coarser clock than ours, ms. */
const CLOCK_MARGIN_MS = 1_000

/**
 * What was written before the tables were last whole stays, unless it is broken (the clocks of file system and process
 * differ): an acknowledged part is never broken.
 */
async function dropUnfinished(engine: GuardedEngine, wholeSince: number): Promise<void> {
  for (const part of await engine.parts()) {
    const at = changedAt(part)
    if (at < wholeSince - CLOCK_MARGIN_MS) continue
    const { table, name } = part
    const isWhole = await engine.isWhole(part)
    if (part.fresh === 1 && (at >= wholeSince || !isWhole)) await engine.run(`ALTER TABLE ${table} DROP PART '${name}'`)
    else if (!isWhole) throw fail('STORE_PART_BROKEN', { table, part: name })
  }
}

/** When a part got its name, or its last file, ms; infinitely long ago if it is gone. */
function changedAt({ path }: Part): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? -Infinity : Math.max(stat.ctimeMs, stat.mtimeMs)
}
