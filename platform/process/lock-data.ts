import path from 'node:path'
import { errorMessage } from '../errors.ts'
import { fail } from './errors.ts'
import { takeLock, type LockResult } from './lock.ts'

/**
 * Locks a data folder, which only one playloop may use; returns a function that releases it. Throws PROCESS_DATA_IN_USE,
 * or PROCESS_DATA_UNUSABLE if it is a file or cannot be written.
 */
export function lockData(dataDir: string): () => void {
  const lock = take(dataDir)
  if (!lock.held) throw fail('PROCESS_DATA_IN_USE', { dataDir, pid: lock.holder.pid })
  return () => lock.release()
}

function take(dataDir: string): LockResult {
  try {
    return takeLock(path.join(dataDir, 'playloop.lock'))
  } catch (error) {
    throw fail('PROCESS_DATA_UNUSABLE', { dataDir, reason: errorMessage(error) }, error)
  }
}
