import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { Clocks, Definition, Definitions } from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask, tell } from '../shell/feed.ts'
import { speak } from '../shell/voice.ts'
import type { Incident, IncidentDetail, IncidentsAnswer } from './types.ts'
import { inOrder, titleWords } from './view.ts'

export const REFRESH_MS = 10_000
const MOST = 200

export type Action = 'acknowledge' | 'mute' | 'unmute'

export interface Asked {
  readonly answer: ReadonlySignal<IncidentsAnswer | undefined>
  /** The incidents in the order of the list. */
  readonly listed: ReadonlySignal<readonly Incident[]>
  readonly clocks: ReadonlySignal<Clocks | undefined>
  readonly definitions: ReadonlySignal<readonly Definition[]>
  /** Id of the incident shown: the chosen one, otherwise the first. */
  readonly chosen: ReadonlySignal<string>
  readonly detail: ReadonlySignal<IncidentDetail | undefined>
  /** Shows the next or the previous incident. */
  readonly move: (by: 1 | -1) => void
  /** An operator's action on the incident shown. */
  readonly act: (action: Action, by: string, forMs: number) => Promise<void>
}

export const listPath = (address: Address): string =>
  `/v1/qoe/incidents?${new URLSearchParams({ clock: address.get('clock'), state: address.get('state'), limit: String(MOST) })}`
const detailPath = (id: string): string => `/v1/qoe/incidents/${encodeURIComponent(id)}`

/** Polls the incidents of the address every ten seconds, and loads the one shown. */
export function askIncidents(address: Address, asking: Asking): Asked {
  const answer = signal<IncidentsAnswer | undefined>()
  const clocks = signal<Clocks | undefined>()
  const definitions = signal<readonly Definition[]>([])
  const detail = signal<IncidentDetail | undefined>()
  const listed = computed(() => inOrder(answer.value?.incidents ?? []))
  const chosen = computed(() => address.get('id') || listed.value[0]?.id || '')

  const load = async (): Promise<void> => {
    const mark = asking.begin()
    const [list, heard, known] = await Promise.all([
      ask<IncidentsAnswer>(listPath(address)),
      ask<Clocks>('/v1/clocks'),
      definitions.value.length === 0 ? ask<Definitions>('/v1/qoe/definitions') : undefined,
    ])
    if (!asking.isLatest(mark)) return
    batch(() => {
      definitions.value = known?.data?.metrics ?? definitions.value
      clocks.value = heard.data ?? clocks.value
      answer.value = list.data ?? answer.value
    })
    if (list.failure !== undefined) return asking.failed(list.failure)
    await loadDetail(mark)
  }
  const loadDetail = async (mark: number): Promise<void> => {
    const id = chosen.value
    const { data, failure } = id === '' ? { data: undefined } : await ask<IncidentDetail>(detailPath(id))
    if (!asking.isLatest(mark)) return
    detail.value = data
    if (failure === undefined) asking.answered()
    else asking.failed(failure)
  }

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  setInterval(() => void load(), REFRESH_MS)
  return {
    ...{ answer, listed, clocks, definitions, chosen, detail },
    move(by) {
      const at = listed.value.findIndex(({ id }) => id === chosen.value)
      const next = listed.value[Math.max(0, Math.min(listed.value.length - 1, at + by))]
      if (next === undefined) return
      address.set('id', next.id)
      speak(`${titleWords(next, definitions.value)}, ${next.state}`)
    },
    async act(action, by, forMs) {
      const shown = detail.value
      if (shown === undefined) return
      const until = (answer.value?.watermark ?? shown.latest) + forMs
      const { data, failure } = await tell<IncidentDetail>(`${detailPath(shown.id)}/${action}`, {
        by,
        ...(action === 'mute' && { until }),
      })
      if (failure !== undefined) return asking.failed(failure)
      detail.value = data
      speak(`${titleWords(data, definitions.value)}: ${data.state}`)
      await load()
    },
  }
}
