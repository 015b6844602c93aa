import { fail } from './errors.ts'
import type { RunOptions, Workers } from './port.ts'

/** A task that was accepted. */
export interface Accepted {
  readonly task: unknown
  readonly options: RunOptions
  /** Settles the caller's promise. */
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Computes one task; never rejects. */
export type ComputeOne = (accepted: Accepted) => Promise<void>

/** A bounded queue (first in, first out) in front of `size` concurrent tasks. */
export function createQueue<Task, Result>(
  { size, maxQueue = 1_000 }: { readonly size: number; readonly maxQueue?: number },
  computeOne: ComputeOne,
  release: () => Promise<void>,
): Workers<Task, Result> {
  const waiting: Accepted[] = []
  const running = new Set<Promise<void>>()
  let stopped: Promise<void> | undefined

  const next = (): void => {
    while (running.size < size && waiting.length > 0) {
      const done = computeOne(waiting.shift()!).finally(() => {
        running.delete(done)
        next()
      })
      running.add(done)
    }
  }
  const accept = (task: unknown, options: RunOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options
      const accepted = { task, options, resolve, reject }
      const leave = (): void => {
        const index = waiting.indexOf(accepted)
        if (index >= 0) waiting.splice(index, 1)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(accepted)
      next()
    })
  const drain = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running)
    await release()
  }
  return {
    async run(task, options = {}) {
      options.signal?.throwIfAborted()
      if (stopped !== undefined) throw fail('WORKER_STOPPED')
      if (running.size >= size && waiting.length >= maxQueue) throw fail('WORKER_QUEUE_FULL', { limit: maxQueue })
      return (await accept(task, options)) as Result
    },
    stop: () => (stopped ??= drain()),
  }
}
