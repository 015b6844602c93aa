/** A fixed number of workers, each with one task at a time; callers wait in a queue while all are busy. */
export interface Pool<T> {
  run<R>(work: (worker: T) => Promise<R>): Promise<R>
  /** Resolves when no task runs and no caller waits. */
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
