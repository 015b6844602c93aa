import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type {
  Clocks,
  Definitions,
  ErrorsAnswer,
  ListedSession,
  MetricsAnswer,
  SessionsAnswer,
} from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask } from '../shell/feed.ts'
import { errorsPath, listPath, numberPath } from './question.ts'

/** A number and its sessions, both for the same question. */
export interface Answer {
  readonly number: MetricsAnswer
  readonly list: SessionsAnswer
  readonly errors: ErrorsAnswer['errors']
}

export interface Asked {
  readonly definitions: ReadonlySignal<Definitions | undefined>
  readonly clocks: ReadonlySignal<Clocks | undefined>
  /** Current time of the clock, ms; undefined if it has no events. */
  readonly watermark: ReadonlySignal<number | undefined>
  readonly answer: ReadonlySignal<Answer | undefined>
  /** The sessions of all loaded pages. */
  readonly shown: ReadonlySignal<readonly ListedSession[]>
  /** Cursor of the next page; null after the last one. */
  readonly next: ReadonlySignal<string | null>
  readonly more: () => Promise<void>
}

/** Loads the number of the address, the first page of its sessions and the errors of the period. */
export function askSessions(address: Address, asking: Asking): Asked {
  const definitions = signal<Definitions | undefined>()
  const clocks = signal<Clocks | undefined>()
  const watermark = signal<number | undefined>()
  const answer = signal<Answer | undefined>()
  const shown = signal<readonly ListedSession[]>([])
  const next = signal<string | null>(null)

  const load = async (): Promise<void> => {
    const mark = asking.begin()
    const [heard, known] = await Promise.all([
      ask<Clocks>('/v1/clocks'),
      definitions.value === undefined ? ask<Definitions>('/v1/qoe/definitions') : undefined,
    ])
    if (!asking.isLatest(mark)) return
    const present = heard.data?.clocks.find(({ clock }) => clock === address.get('clock'))?.watermark
    batch(() => {
      definitions.value ??= known?.data
      clocks.value = heard.data ?? clocks.value
      watermark.value = present
    })
    const [number, list, errors] = await Promise.all([
      ask<MetricsAnswer>(numberPath(address, present)),
      ask<SessionsAnswer>(listPath(address, present)),
      ask<ErrorsAnswer>(errorsPath(address, present)),
    ])
    if (!asking.isLatest(mark)) return
    const failure = heard.failure ?? known?.failure ?? number.failure ?? list.failure
    if (failure !== undefined) return asking.failed(failure)
    batch(() => {
      answer.value = { number: number.data!, list: list.data!, errors: errors.data?.errors ?? [] }
      shown.value = list.data!.sessions
      next.value = list.data!.next
      asking.answered()
    })
  }

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  return {
    ...{ definitions, clocks, watermark, answer, shown, next },
    async more() {
      if (next.value === null) return
      const { data, failure } = await ask<SessionsAnswer>(listPath(address, watermark.value, next.value))
      if (failure !== undefined) return asking.failed(failure)
      batch(() => {
        shown.value = [...shown.value, ...data.sessions]
        next.value = data.next
      })
    },
  }
}
