import path from 'node:path'
import { fail } from './errors.ts'
import { takeLock } from './lock.ts'

/**
 * Locks a data folder, which only one playloop may use; returns a function that releases it. Throws
 * PROCESS_DATA_IN_USE.
 */
export function lockData(dataDir: string): () => void {
  const lock = takeLock(path.join(dataDir, 'playloop.lock'))
  if (!lock.held) throw fail('PROCESS_DATA_IN_USE', { dataDir, pid: lock.holder.pid })
  return () => lock.release()
}
