import type { DiskReserve } from '../disk/reserve.ts'

/** Statements by which somebody makes room are taken on a full disk too. */
const MAKES_ROOM = /^\s*(DROP|TRUNCATE|SYSTEM|SELECT|ALTER\s+TABLE\s+\S+\s+DROP\s+(PARTITION|PART)\b)/i

/** Whether a statement needs room on the disk. */
export const takesRoom = (sql: string): boolean => !MAKES_ROOM.test(sql)

/** How often the disk is looked at while nobody writes, ms: merges run on their own. */
const LOOK_MS = 100

/**
 * Stops merges while the disk is below its reserve, and starts them when there is room again. A merge writes its result
 * before it drops what it merged, so it fills a disk by itself. Returns a function that ends the watch.
 */
export function watchMerges(reserve: DiskReserve, run: (sql: string) => Promise<unknown>): () => void {
  let stopped = false
  let asking = false
  const look = async (): Promise<void> => {
    const low = reserve.refusal() !== undefined
    if (low === stopped || asking) return
    asking = true
    try {
      await run(`SYSTEM ${low ? 'STOP' : 'START'} MERGES`)
      stopped = low
    } catch {
      // Tried again at the next look.
    } finally {
      asking = false
    }
  }
  const looking = setInterval(() => void look(), LOOK_MS).unref()
  return () => clearInterval(looking)
}
