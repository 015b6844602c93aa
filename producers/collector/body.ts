import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../platform/clock.ts'
import type { PlayloopError } from '../../platform/errors.ts'
import { fail } from './errors.ts'
import type { Budget, Shares } from './limits.ts'

/** Largest buffer that is kept between requests, bytes; a larger one is allocated for each body. */
const KEPT_BYTES = 4 << 20

/** A body may stop for this long, ms: longer than a phone takes to change its cell. */
const PATIENCE_MS = 5_000
/** It must arrive at this rate otherwise, bytes a second: a tenth of the slowest mobile network. */
const LEAST_RATE = 1_024
/** Once memory is short, a body that stopped for this long makes room for others, ms. */
const STALLED_MS = 1_000
/** Bodies that are late are looked for this often, ms. */
const SWEEP_MS = 500
/** Time for a slow client to read its answer before its connection is closed, ms. */
const LINGER_MS = 500

/** A body that is arriving. */
interface Arriving {
  readonly sender: string
  held: number
  /** When its last bytes came, ms. */
  at: number
  /** When it is given up unless more comes, ms. */
  deadline: number
  readonly stop: (error: Error) => void
}

export interface BodyDeps {
  /** Maximum size of a body, bytes. */
  readonly limit: number
  readonly budget: Budget
  readonly shares: Shares
  readonly clock: Clock
}

/**
 * Reads bodies as they arrive and reserves their bytes in the budget. The caller releases them, or this class does if
 * reading fails. Only bytes that have arrived are reserved: a client that declares a large body and sends little
 * reserves little. No sender can keep others out: each has a share of the budget, and a body must make progress.
 */
export class BodyReader {
  readonly #deps: BodyDeps
  readonly #arriving = new Set<Arriving>()
  #isSweeping = false
  /**
   * Buffer in which the chunks of a body are joined. Memory outside the heap counts towards the next full garbage
   * collection: a new buffer per request was a third of it, and so of the collector's garbage collection.
   */
  #whole = Buffer.allocUnsafeSlow(256 << 10)

  constructor(deps: BodyDeps) {
    this.#deps = deps
  }

  /** Calls `take` with the complete body; its memory is valid until `take` returns. */
  read<T>(stream: IncomingMessage, sender: string, take: (body: Buffer) => T | Promise<T>): Promise<T> {
    const { clock, shares } = this.#deps
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      const end = (): void => {
        this.#arriving.delete(body)
        shares.give(sender, body.held)
        stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      }
      const stop = (error: Error): void => {
        end()
        this.#deps.budget.give(body.held)
        // Discard the rest of the body, so that the connection can carry the answer.
        stream.on('error', () => undefined).resume()
        reject(error)
        if ((error as PlayloopError).code === 'COLLECTOR_SLOW') void clock.sleep(LINGER_MS).then(() => stream.destroy())
      }
      const onData = (chunk: Buffer): void => {
        const refusal = this.#reserve(body, chunk.length)
        if (refusal !== undefined) return stop(refusal)
        chunks.push(chunk)
      }
      const onEnd = (): void => {
        end()
        // Async only to turn exceptions into rejections: `take` runs synchronously.
        resolve((async () => take(this.#join(chunks, body.held)))())
      }
      const onClose = (): void => stop(fail('COLLECTOR_UNPARSEABLE', { problem: 'the connection ended within it' }))
      const now = clock.now()
      const body: Arriving = { sender, held: 0, at: now, deadline: now + PATIENCE_MS, stop }
      this.#arriving.add(body)
      stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
      if (!this.#isSweeping) void this.#sweep()
    })
  }

  /** Refuses all bodies that are still arriving: a drain waits for the log, but not for a slow client. */
  cutOff(): void {
    for (const { stop } of [...this.#arriving]) stop(fail('COLLECTOR_DRAINING'))
  }

  /** Reserves bytes of a body that have arrived, or says why not. Bodies that have stopped make room. */
  #reserve(body: Arriving, bytes: number): Error | undefined {
    const { limit, budget, shares, clock } = this.#deps
    if (body.held + bytes > limit) return fail('COLLECTOR_TOO_LARGE', { limit, when: '' })
    if (!this.#fits(body, bytes))
      for (const { stop } of this.#stalled(body)) {
        stop(fail('COLLECTOR_SLOW'))
        if (this.#fits(body, bytes)) break
      }
    if (!this.#fits(body, bytes))
      // Who holds most of it with bodies that are arriving is told that it is his doing.
      return 2 * shares.heldBy(body.sender) > budget.held
        ? fail('COLLECTOR_SHARE', { retryAfter: 1 })
        : fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
    budget.hold(bytes)
    shares.hold(body.sender, bytes)
    const now = clock.now()
    body.held += bytes
    body.at = now
    body.deadline = Math.min(now + PATIENCE_MS, body.deadline + (bytes * 1_000) / LEAST_RATE)
    return undefined
  }

  #fits({ sender }: Arriving, bytes: number): boolean {
    const { budget, shares } = this.#deps
    return budget.fits(bytes) && shares.fits(sender, bytes)
  }

  /** Other bodies that have stopped, the one that stopped first before the others. */
  #stalled(except: Arriving): Arriving[] {
    const since = this.#deps.clock.now() - STALLED_MS
    return [...this.#arriving].filter((body) => body !== except && body.at <= since).sort((a, b) => a.at - b.at)
  }

  /** Gives up late bodies while any arrive. */
  async #sweep(): Promise<void> {
    const { clock } = this.#deps
    this.#isSweeping = true
    while (this.#arriving.size > 0) {
      await clock.sleep(SWEEP_MS)
      const now = clock.now()
      for (const { deadline, stop } of [...this.#arriving]) if (now > deadline) stop(fail('COLLECTOR_SLOW'))
    }
    this.#isSweeping = false
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
