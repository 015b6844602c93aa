import { gunzipSync } from 'node:zlib'
import { errorCode } from '../../../platform/errors.ts'
import { fail } from '../errors.ts'

/** Telemetry compresses 5 to 30 times; gzip's maximum is 1,032. A body above this ratio only wastes CPU time. */
const MAX_RATIO = 100
/** Size from which the ratio is checked, bytes; smaller bodies may have any ratio. */
const FLOOR_BYTES = 65_536
/** Output chunk size of the inflater, bytes: one chunk holds most batches. */
const CHUNK_BYTES = 65_536

/**
 * Decompresses gzip; stops at `limit` bytes. It is synchronous, on this thread: only one body is inflated at any time,
 * and a batch of a hundred events takes a fifth of a millisecond.
 */
export function gunzip(body: Buffer, limit: number): Buffer {
  const allowed = Math.min(limit, Math.max(FLOOR_BYTES, body.length * MAX_RATIO))
  try {
    return gunzipSync(body, { maxOutputLength: allowed, chunkSize: CHUNK_BYTES })
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw fail('COLLECTOR_TOO_LARGE', { limit: allowed, when: ' once decompressed' })
    throw fail('COLLECTOR_GZIP', { problem: errorCode(error) }, error)
  }
}
