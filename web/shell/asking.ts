import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { standing, type Failure, type Shown } from './state.ts'

const WATCH_MS = 500

/** The status of a page that loads data when its question changes, optionally also periodically. */
export interface Asking {
  /** Starts a request and returns its mark; only the latest request counts. */
  begin(): number
  isLatest(mark: number): boolean
  answered(): void
  failed(failure: Failure): void
  /** Loading, live, stale, error, offline or paused, as text. */
  readonly shown: ReadonlySignal<Shown>
}

/** `dueMs`: time until the next answer is due; undefined if the page does not poll. */
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
