import { batch, computed, signal, untracked, effect, type ReadonlySignal } from '@preact/signals'
import type { Experiment, Metric } from '../experiment/types.ts'
import type { Address } from '../shell/address.ts'
import type { Clocks } from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask, tell } from '../shell/feed.ts'
import type { Failure } from '../shell/state.ts'
import { keep, kept, OPERATOR } from '../shell/storage.ts'
import { EMPTY, fieldsOf, placed, read, type Fault, type Fields, type Written } from './form.ts'

/** Pause in typing after which the API is asked, ms. */
const PAUSE_MS = 500
const PATH = '/v1/experiments'

/** The form of one draft: what was typed, kept in this browser until it is saved, and what is wrong with it. */
export interface Form {
  readonly fields: ReadonlySignal<Fields>
  /** Faults by field: of fields that were touched, of all after the first try to save. */
  readonly shown: ReadonlySignal<ReadonlyMap<string, string>>
  /** Faults that belong to no field. */
  readonly elsewhere: ReadonlySignal<readonly string[]>
  /** All faults by field, shown or not. */
  readonly wrong: ReadonlySignal<ReadonlyMap<string, string>>
  /** Whether the API has been asked yet. */
  readonly isChecked: ReadonlySignal<boolean>
  readonly metrics: ReadonlySignal<readonly Metric[]>
  readonly clocks: ReadonlySignal<readonly string[]>
  /** '': the draft is new. */
  readonly id: string
  /** Whether this browser holds what was not saved. */
  readonly isKept: ReadonlySignal<boolean>
  /** Whether a save was refused since the page was opened; then all faults are shown. */
  readonly isTried: ReadonlySignal<boolean>
  /** Changes fields; `at`: the field that was touched. */
  change(at: string, change: Partial<Fields>): void
  /** Saves it and goes to its page; returns false if something is wrong with it. */
  save(): Promise<boolean>
  discard(): void
  /** Takes the latest discarding back; undefined if there is none. */
  readonly undo: ReadonlySignal<(() => void) | undefined>
}

export function openForm(address: Address, asking: Asking): Form {
  const id = address.get('id')
  const key = `draft:${id}`
  const stored = kept(key) ?? ''
  const fields = signal<Fields>({ ...EMPTY, by: kept(OPERATOR) ?? '', ...(stored === '' ? {} : parsed(stored)) })
  const faults = signal<readonly Fault[] | undefined>()
  const touched = signal<ReadonlySet<string>>(new Set())
  const isTried = signal(false)
  const isKept = signal(stored !== '')
  const undo = signal<(() => void) | undefined>()
  const [metrics, clocks] = [signal<readonly Metric[]>([]), signal<readonly string[]>([])]
  let base = { ...EMPTY, by: kept(OPERATOR) ?? '' }
  let revision: number | undefined

  const placedFaults = computed(() => placed(faults.value ?? [], fields.value))
  let [latest, timer] = [0, 0]
  /** Asks the API what is wrong; answers that come late are dropped. */
  const check = async (): Promise<void> => {
    const mark = ++latest
    const { body, faults: own } = read(fields.value)
    const { failure } = await tell(`${PATH}/validate`, body)
    if (mark !== latest) return
    const told = failure === undefined ? [] : faultsOf(failure)
    const places = own.map(({ at }) => at)
    faults.value = [...own, ...told.filter(({ at }) => !places.includes(at))]
  }
  const set = (next: Fields): void => {
    fields.value = next
    clearTimeout(timer)
    timer = setTimeout(() => void check(), PAUSE_MS)
  }

  const load = async (): Promise<void> => {
    const [defined, heard, one] = await Promise.all([
      ask<{ metrics: Metric[] }>(`${PATH}/metrics`),
      ask<Clocks>('/v1/clocks'),
      id === '' ? undefined : ask<Written>(`${PATH}/${encodeURIComponent(id)}`),
    ])
    const failure = defined.failure ?? heard.failure ?? one?.failure
    if (failure !== undefined) return asking.failed(failure)
    batch(() => {
      metrics.value = newest(defined.data!.metrics)
      clocks.value = heard.data!.clocks.map(({ clock }) => clock)
      if (one?.data !== undefined) {
        base = fieldsOf(one.data, base.by)
        revision = one.data.revision
      } else base = { ...base, clock: clocks.value[0] ?? 'live' }
      if (!isKept.value) set(base)
      else if (fields.value.clock === '') set({ ...fields.value, clock: base.clock })
      else set(fields.value)
      asking.answered()
    })
  }
  effect(() => untracked(() => void load()))

  return {
    ...{ fields, metrics, clocks, id, isKept, isTried, undo },
    isChecked: computed(() => faults.value !== undefined),
    wrong: computed(() => placedFaults.value.byField),
    elsewhere: computed(() => (isTried.value ? placedFaults.value.elsewhere : [])),
    shown: computed(() => {
      const all = placedFaults.value.byField
      return isTried.value ? all : new Map([...all].filter(([at]) => touched.value.has(at)))
    }),
    change(at, change) {
      batch(() => {
        set({ ...fields.value, ...change })
        touched.value = new Set([...touched.value, at])
        isKept.value = keep(key, JSON.stringify(fields.value))
      })
    },
    async save() {
      clearTimeout(timer)
      await check()
      isTried.value = true
      if (faults.value!.length > 0) return false
      keep(OPERATOR, fields.value.by.trim())
      const { body } = read(fields.value)
      const { data, failure } =
        id === ''
          ? await tell<Experiment>(PATH, body)
          : await tell<Experiment>(`${PATH}/${encodeURIComponent(id)}`, { ...body, revision }, 'PUT')
      if (failure !== undefined) faults.value = faultsOf(failure)
      if (data === undefined) return false
      keep(key, '')
      location.assign(`/experiment?${new URLSearchParams({ id: data.id })}`)
      return true
    },
    discard() {
      const before = fields.value
      keep(key, '')
      batch(() => {
        set(base)
        touched.value = new Set()
        isTried.value = false
        isKept.value = false
        undo.value = () => {
          set(before)
          isKept.value = keep(key, JSON.stringify(before))
          undo.value = undefined
        }
      })
    },
  }
}

/** An older page may have kept less than a form has today. */
function parsed(text: string): Partial<Fields> {
  try {
    return JSON.parse(text) as Partial<Fields>
  } catch {
    return {}
  }
}

/** Every metric once, by its newest version. */
const newest = (metrics: readonly Metric[]): Metric[] =>
  [...Map.groupBy(metrics, ({ id }) => id).values()].map((all) => all.reduce((a, b) => (b.version > a.version ? b : a)))

/** Where a refusal belongs that names no field. */
const OF_CODES: Readonly<Record<string, string>> = { API_EXPERIMENT_TAKEN: 'id' }

function faultsOf(failure: Failure & { readonly faults?: readonly Fault[] }): readonly Fault[] {
  const faults = failure.faults ?? []
  if (faults.length > 0) return faults
  const { title, next, code } = failure
  return [{ at: OF_CODES[code] ?? '', problem: OF_CODES[code] === undefined ? `${title}: ${next}` : title }]
}
