import { Worker } from 'node:worker_threads'
import { errorMessage } from '../errors.ts'
import { fail } from './errors.ts'
import type { Answer, Boot } from './messages.ts'
import type { Workers, WorkersOptions } from './port.ts'
import { createQueue, type Accepted } from './queue.ts'

const THREAD = new URL('./thread.ts', import.meta.url)

/** Runs tasks in up to `size` threads, each started when it is first needed. */
export function createWorkers<Task, Result>(options: WorkersOptions): Workers<Task, Result> {
  const idle: Worker[] = []
  const workerData: Boot = { script: options.script.href, data: options.data }
  const open = (): Worker => {
    const worker = new Worker(THREAD, { workerData })
    // If an idle thread dies, the next task starts a new one.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      const index = idle.indexOf(worker)
      if (index >= 0) idle.splice(index, 1)
    })
    return worker
  }
  const computeOne = async (accepted: Accepted): Promise<void> => {
    const worker = idle.pop() ?? open()
    worker.ref()
    if (await computed(worker, accepted)) {
      // An idle thread does not keep the process alive.
      worker.unref()
      idle.push(worker)
    } else await worker.terminate()
  }
  return createQueue(options, computeOne, async () => {
    await Promise.all(idle.map((worker) => worker.terminate()))
  })
}

/** Resolves once the task is settled: true if its thread can take another. */
function computed(worker: Worker, { task, options, resolve, reject }: Accepted): Promise<boolean> {
  const { promise, resolve: settle } = Promise.withResolvers<boolean>()
  const { signal, transfer = [], onProgress } = options
  const onMessage = (answer: Answer): void => {
    if (answer.kind === 'progress') return onProgress?.(answer.report)
    if (answer.kind === 'result') resolve(answer.result)
    else reject(fail('WORKER_TASK_FAILED', { reason: answer.reason }, answer.stack))
    settle(true)
  }
  const onError = (error: unknown): void => {
    reject(fail('WORKER_CRASHED', { reason: errorMessage(error) }, error))
    settle(false)
  }
  const onExit = (code: number): void => onError(new Error(`it ended with code ${code}`))
  const onAbort = (): void => settle(false) // the queue rejects the caller's promise
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  signal?.addEventListener('abort', onAbort)
  try {
    worker.postMessage(task, [...transfer])
  } catch (error) {
    // The task could not be copied, so the thread has not received it.
    reject(fail('WORKER_TASK_FAILED', { reason: errorMessage(error) }, error))
    settle(true)
  }
  return promise.finally(() => {
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    signal?.removeEventListener('abort', onAbort)
  })
}
