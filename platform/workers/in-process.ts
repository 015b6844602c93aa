import { errorMessage } from '../errors.ts'
import { fail } from './errors.ts'
import type { Compute, Workers, WorkersOptions } from './port.ts'
import { createQueue, type Accepted } from './queue.ts'

/** Runs tasks on the event loop: for tests, and for tasks so small that a thread would cost more. */
export function createInProcessWorkers<Task, Result>(options: WorkersOptions): Workers<Task, Result> {
  let loaded: Promise<ReturnType<Compute<unknown, unknown, unknown>>> | undefined
  const load = async (): Promise<ReturnType<Compute<unknown, unknown, unknown>>> => {
    const { default: compute } = (await import(options.script.href)) as { default: Compute<unknown, unknown, unknown> }
    return compute(structuredClone(options.data))
  }
  const computeOne = async ({ task, options: { transfer, onProgress, signal }, resolve, reject }: Accepted) => {
    try {
      const answerTask = await (loaded ??= load())
      const own = structuredClone(task, { transfer: [...(transfer ?? [])] })
      const progress = (report: unknown): void => (signal?.aborted === true ? undefined : onProgress?.(report))
      resolve(await untilAborted(Promise.resolve(answerTask(own, { progress, transfer: () => undefined })), signal))
    } catch (error) {
      reject(fail('WORKER_TASK_FAILED', { reason: errorMessage(error) }, error))
    }
  }
  return createQueue(options, computeOne, () => Promise.resolve())
}

/** A task on the event loop cannot be interrupted; on abort only the caller stops waiting. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', leave)
    work.catch(() => undefined)
  }
}
