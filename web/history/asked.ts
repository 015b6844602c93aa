import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { Clocks, Definition, Definitions, MetricsAnswer } from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask } from '../shell/feed.ts'
import { HOW_TO_FILL } from '../shell/words.ts'
import { cellsOf, isMoment, seriesOf, wholeOf, type Cell, type Pair } from './answer.ts'
import { cellsPath, seriesPath, viewOf, wholePath, type View } from './question.ts'
import { headline, note } from './words.ts'

/** Timeout, ms: the engine ends a query after 20 s, and others may be queued before it. */
const PATIENCE_MS = 45_000

/** The whole period; `pair` is missing if the clock has no data. */
export interface Whole {
  readonly definition: Definition
  readonly view: View
  readonly pair: Pair | undefined
}
export interface OverTimeAnswer {
  readonly definition: Definition
  readonly view: View
  readonly watermark: number
  readonly times: readonly number[]
  readonly points: readonly Pair[]
}
export interface Breakdown {
  readonly definition: Definition
  readonly view: View
  readonly whole: Pair
  readonly cells: readonly Cell[]
}

/** The state of the page: each part shows the question that it answers until the next answer arrives. */
export interface Asked {
  readonly definitions: ReadonlySignal<Definitions | undefined>
  readonly clocks: ReadonlySignal<Clocks | undefined>
  readonly view: ReadonlySignal<View | undefined>
  readonly watermark: ReadonlySignal<number | undefined>
  readonly said: ReadonlySignal<{ readonly headline: string; readonly note: string } | undefined>
  readonly whole: ReadonlySignal<Whole | undefined>
  /** 'none': no data. */
  readonly overTime: ReadonlySignal<OverTimeAnswer | 'none' | undefined>
  /** Or the reason why there is none, as text. */
  readonly breakdown: ReadonlySignal<Breakdown | string | undefined>
  /** The question was refused: figures of another one are not shown instead. */
  readonly refused: ReadonlySignal<boolean>
  /** What is being loaded, as text. */
  readonly step: ReadonlySignal<string>
  readonly busy: ReadonlySignal<boolean>
  readonly cancel: () => void
  /** Asks the same question again. */
  readonly again: () => void
}

/** Asks the question of the address in parts, one after the other; only the latest question is shown. */
export function askHistory(address: Address, asking: Asking): Asked {
  const definitions = signal<Definitions | undefined>()
  const clocks = signal<Clocks | undefined>()
  const view = signal<View | undefined>()
  const watermark = signal<number | undefined>()
  const said = signal<{ headline: string; note: string } | undefined>()
  const whole = signal<Whole | undefined>()
  const overTime = signal<OverTimeAnswer | 'none' | undefined>()
  const breakdown = signal<Breakdown | string | undefined>()
  const [refused, step, busy] = [signal(false), signal(''), signal(true)]
  let stop = new AbortController()

  const finish = (words: string): void => {
    step.value = words
    busy.value = false
  }
  const say = (definition: Definition, now: View, pair: Pair, worst?: Cell): void => {
    said.value = { headline: headline(definition, now, pair, worst), note: note(definition) }
  }

  const load = async (): Promise<void> => {
    const mark = asking.begin()
    stop.abort()
    stop = new AbortController()
    const { signal: ends } = stop
    busy.value = true
    const put = async <T>(what: string, path: string): Promise<T | undefined> => {
      step.value = `Asking for ${what} …`
      const { data, failure } = await ask<T>(path, { signal: ends, patience: PATIENCE_MS })
      if (!asking.isLatest(mark) || ends.aborted) return undefined
      if (failure === undefined) return data
      batch(() => {
        asking.failed(failure)
        finish('')
        refused.value = true
        said.value = { headline: 'No answer to this question', note: '' }
      })
      return undefined
    }
    definitions.value ??= await put<Definitions>('what there is', '/v1/qoe/definitions')
    const heard = definitions.value && (await put<Clocks>('clocks', '/v1/clocks'))
    if (definitions.value === undefined || heard === undefined) return
    const definition = definitionOf(definitions.value, address.get('metric'))
    const present = heard.clocks.find(({ clock }) => clock === address.get('clock'))?.watermark
    const now = { ...viewOf(address, present ?? NaN), open: isMoment(definition) }
    batch(() => {
      clocks.value = heard
      view.value = now
      watermark.value = present
      refused.value = false
    })
    if (present === undefined) return nobody(definition, now)
    const answer = await put<MetricsAnswer>('the whole', wholePath(now))
    if (answer === undefined) return
    asking.answered()
    const pair = wholeOf(answer)
    say(definition, now, pair)
    whole.value = { definition, view: now, pair }
    const series = await put<MetricsAnswer>('it over time', seriesPath(now))
    if (series === undefined) return
    overTime.value = { definition, view: now, watermark: present, ...seriesOf(series, now) }
    const found = now.by.length === 0 ? 'unasked' : await put<MetricsAnswer>('the breakdown', cellsPath(now))
    if (found === undefined) return
    batch(() => {
      if (found === 'unasked') breakdown.value = 'Choose a dimension in “Break down by” to see where it is worst.'
      else {
        const cells = cellsOf(found, pair, definition)
        breakdown.value = { definition, view: now, whole: pair, cells }
        say(definition, now, pair, cells[0])
      }
      finish('')
    })
  }
  const nobody = (definition: Definition, now: View): void =>
    batch(() => {
      asking.answered()
      finish('')
      whole.value = { definition, view: now, pair: undefined }
      overTime.value = 'none'
      breakdown.value = { definition, view: now, whole: { now: undefined, before: undefined }, cells: [] }
      said.value = {
        headline: headline(definition, now, { now: undefined, before: undefined }, undefined),
        note: `Nothing was heard on the clock “${now.clock}”. What fills it: ${HOW_TO_FILL}`,
      }
    })

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  return {
    ...{ definitions, clocks, view, watermark, said, whole, overTime, breakdown, refused, step, busy },
    again: () => void load(),
    cancel() {
      stop.abort()
      finish('Cancelled. What is shown below may be of another question.')
    },
  }
}

/** An unknown metric is requested anyway: the API explains what is wrong with it. */
const definitionOf = ({ metrics }: Definitions, metric: string): Definition =>
  metrics.find(({ id }) => id === metric) ?? {
    id: metric,
    title: metric,
    definition: '',
    unit: '',
    scale: 1,
    better: 'unknown',
    loss: '',
    time: 'start',
    distribution: false,
    source: '',
    population: 'session',
    booked_to: 'start',
    estimator: 'ratio',
  }
