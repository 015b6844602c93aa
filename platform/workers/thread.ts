/** Entry point of a worker thread: loads the compute module, then runs one task after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { errorMessage } from '../errors.ts'
import type { Answer, Boot } from './messages.ts'
import type { Compute } from './port.ts'

const { script, data } = workerData as Boot
const { default: compute } = (await import(script)) as { readonly default: Compute<unknown, unknown, unknown> }
const answerTask = compute(data)

const send = (answer: Answer, moved: readonly ArrayBuffer[] = []): void => parentPort!.postMessage(answer, [...moved])

async function run(task: unknown): Promise<void> {
  let moved: readonly ArrayBuffer[] = []
  const tools = {
    progress: (report: unknown) => send({ kind: 'progress', report }),
    transfer: (buffers: readonly ArrayBuffer[]) => void (moved = buffers),
  }
  try {
    send({ kind: 'result', result: await answerTask(task, tools) }, moved)
  } catch (error) {
    send({ kind: 'failed', reason: errorMessage(error), stack: (error as Error).stack ?? '' })
  }
}

parentPort!.on('message', (task: unknown) => void run(task))
