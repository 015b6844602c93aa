import type { IncomingMessage } from 'node:http'
import { fail } from './errors.ts'
import type { Budget } from './limits.ts'

/** Largest buffer that is kept between requests, bytes; a larger one is allocated for each body. */
const KEPT_BYTES = 4 << 20

/**
 * Reads bodies as they arrive and reserves their bytes in the budget. The caller releases them, or this class does if
 * reading fails. Only bytes that have arrived are reserved: a client that declares a large body and sends little
 * reserves little.
 */
export class BodyReader {
  readonly #limit: number
  readonly #budget: Budget
  readonly #reading = new Set<(error: Error) => void>()
  /**
   * Buffer in which the chunks of a body are joined. Memory outside the heap counts towards the next full garbage
   * collection: a new buffer per request was a third of it, and so of the collector's garbage collection.
   */
  #whole = Buffer.allocUnsafeSlow(256 << 10)

  constructor(limit: number, budget: Budget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** Calls `take` with the complete body; its memory is valid until `take` returns. */
  read<T>(stream: IncomingMessage, take: (body: Buffer) => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let held = 0
      const end = (): void => {
        this.#reading.delete(stop)
        stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      }
      const stop = (error: Error): void => {
        end()
        this.#budget.give(held)
        // Discard the rest of the body, so that the connection can carry the answer.
        stream.on('error', () => undefined).resume()
        reject(error)
      }
      const onData = (chunk: Buffer): void => {
        if (held + chunk.length > this.#limit)
          return stop(fail('COLLECTOR_TOO_LARGE', { limit: this.#limit, when: '' }))
        if (!this.#budget.take(chunk.length)) return stop(fail('COLLECTOR_OVERLOADED', { limit: this.#budget.limit }))
        held += chunk.length
        chunks.push(chunk)
      }
      const onEnd = (): void => {
        end()
        // Async only to turn exceptions into rejections: `take` runs synchronously.
        resolve((async () => take(this.#join(chunks, held)))())
      }
      const onClose = (): void => stop(fail('COLLECTOR_UNPARSEABLE', { problem: 'the connection ended within it' }))
      this.#reading.add(stop)
      stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
    })
  }

  /** Refuses all bodies that are still arriving: a drain waits for the log, but not for a slow client. */
  cutOff(): void {
    for (const stop of [...this.#reading]) stop(fail('COLLECTOR_DRAINING'))
  }

  #join(chunks: readonly Buffer[], length: number): Buffer {
    if (chunks.length === 1) return chunks[0]!
    if (length > KEPT_BYTES) return Buffer.concat(chunks, length)
    if (length > this.#whole.length) this.#whole = Buffer.allocUnsafeSlow(Math.min(KEPT_BYTES, 2 * length))
    let at = 0
    for (const chunk of chunks) at += chunk.copy(this.#whole, at)
    return this.#whole.subarray(0, length)
  }
}
