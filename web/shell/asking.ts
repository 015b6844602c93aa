import type { Shell } from './shell.ts'
import type { Failure } from './state.ts'

const WATCH_MS = 1_000

/** How a page stands that asks when its question changes, or also by itself. */
export interface Asking {
  /** A question is asked; only the latest is answered: the mark says which one it is. */
  begin(): number
  isLatest(mark: number): boolean
  answered(): void
  failed(failure: Failure): void
}

/** `dueMs`: an answer is due after so long; absent: the page does not ask by itself. */
export function createAsking(shell: Shell, dueMs?: number): Asking {
  let [latest, arrived, failure]: [number, number | undefined, Failure | undefined] = [0, undefined, undefined]
  const watch = (): void =>
    void shell.stand({
      online: navigator.onLine,
      failure,
      ageMs: arrived === undefined ? undefined : performance.now() - arrived,
      dueMs,
    })
  addEventListener('online', watch)
  addEventListener('offline', watch)
  setInterval(watch, WATCH_MS)
  watch()
  return {
    begin: () => ++latest,
    isLatest: (mark) => mark === latest,
    answered() {
      failure = undefined
      arrived = performance.now()
      watch()
    },
    failed(found) {
      failure = found
      watch()
    },
  }
}
