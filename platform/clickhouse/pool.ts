/** A fixed number of workers, each busy with one thing at a time; who comes when all are busy waits in line. */
export interface Pool<T> {
  run<R>(work: (worker: T) => Promise<R>): Promise<R>
  /** Resolves when nothing runs and nobody waits. */
  drained(): Promise<void>
}

export function createPool<T>(workers: readonly T[]): Pool<T> {
  const idle = [...workers]
  const line: ((worker: T) => void)[] = []
  const running = new Set<Promise<unknown>>()
  const take = (): Promise<T> => {
    const worker = idle.pop()
    return worker === undefined ? new Promise((resolve) => line.push(resolve)) : Promise.resolve(worker)
  }
  const giveBack = (worker: T): void => {
    const next = line.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  const runOne = async <R>(work: (worker: T) => Promise<R>): Promise<R> => {
    const worker = await take()
    try {
      return await work(worker)
    } finally {
      giveBack(worker)
    }
  }
  return {
    run(work) {
      const result = runOne(work)
      running.add(result)
      const forget = (): void => void running.delete(result)
      result.then(forget, forget)
      return result
    },
    async drained() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
