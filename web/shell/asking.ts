import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { standing, type Failure, type Shown } from './state.ts'

const WATCH_MS = 500

/** How a page stands that asks when its question changes, or also by itself. */
export interface Asking {
  /** A question is asked; only the latest one counts: the mark says which it is. */
  begin(): number
  isLatest(mark: number): boolean
  answered(): void
  failed(failure: Failure): void
  /** Loading, live, stale, error, offline or paused, in words. */
  readonly shown: ReadonlySignal<Shown>
}

/** `dueMs`: the next answer is due after so long; undefined: the page does not ask by itself. */
export function createAsking(dueMs: () => number | undefined = () => undefined): Asking {
  const failure = signal<Failure | undefined>()
  const arrived = signal<number | undefined>()
  const online = signal(navigator.onLine)
  const now = signal(performance.now())
  let latest = 0
  const watch = (): void => {
    online.value = navigator.onLine
    now.value = performance.now()
  }
  addEventListener('online', watch)
  addEventListener('offline', watch)
  setInterval(watch, WATCH_MS)
  return {
    begin: () => ++latest,
    isLatest: (mark) => mark === latest,
    answered() {
      failure.value = undefined
      watch()
      arrived.value = now.value
    },
    failed(found) {
      failure.value = found
      watch()
    },
    shown: computed(() =>
      standing({
        online: online.value,
        failure: failure.value,
        ageMs: arrived.value === undefined ? undefined : now.value - arrived.value,
        dueMs: dueMs(),
      }),
    ),
  }
}
