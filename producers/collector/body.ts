import type { IncomingMessage } from 'node:http'
import { fail } from './errors.ts'
import type { Budget } from './limits.ts'

/**
 * Reads a body as it arrives and holds its bytes in the budget; they are given back by the caller, or here when it fails.
 * What is held is what has really arrived: a client that declares much and sends little holds little.
 */
export function readBody(stream: IncomingMessage, limit: number, budget: Budget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let held = 0
    const stop = (error: Error): void => {
      budget.give(held)
      held = 0
      chunks.length = 0
      stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      // What still comes is thrown away, so that the connection can carry the answer.
      stream.on('error', () => undefined).resume()
      reject(error)
    }
    const onData = (chunk: Buffer): void => {
      if (held + chunk.length > limit) return stop(fail('COLLECTOR_TOO_LARGE', { limit, when: '' }))
      if (!budget.take(chunk.length)) return stop(fail('COLLECTOR_OVERLOADED', { limit: budget.limit }))
      held += chunk.length
      chunks.push(chunk)
    }
    const onEnd = (): void => {
      stream.off('close', onClose)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held))
    }
    const onClose = (): void => stop(fail('COLLECTOR_UNPARSEABLE', { problem: 'the connection ended within it' }))
    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}
