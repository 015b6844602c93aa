import { gunzipSync } from 'node:zlib'
import { errorCode } from '../../../platform/errors.ts'
import { fail } from '../errors.ts'

/** Telemetry compresses 5 to 30 times; gzip's limit is 1,032. Beyond this ratio a small body only burns our time. */
const MAX_RATIO = 100
/** Small bodies may be anything: the ratio counts from here, bytes. */
const FLOOR_BYTES = 65_536
/** The inflater works in steps of this size: one of them holds most batches. */
const CHUNK_BYTES = 65_536

/**
 * Undoes gzip; inflating stops at `limit` bytes. In one go on this thread: what is inflated at any moment is then one
 * body, and a batch of a hundred events takes a fifth of a millisecond.
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
