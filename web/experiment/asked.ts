import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { DecisionAnswer, Scorecard } from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask, openFeed, tell, type Feed } from '../shell/feed.ts'
import type { Failure } from '../shell/state.ts'
import { refusalOf } from '../shell/steps.tsx'
import { speak } from '../shell/voice.ts'
import type { Experiment, Health } from './types.ts'

export const REFRESH_MS = 5_000

/** Actions of the life cycle that a button offers. */
export type Action = 'start' | 'pause' | 'resume' | 'stop' | 'kill' | 'unkill' | 'archive' | 'ramp'

export interface Asked {
  readonly experiment: ReadonlySignal<Experiment | undefined>
  readonly decision: ReadonlySignal<DecisionAnswer | undefined>
  readonly scorecard: ReadonlySignal<Scorecard | undefined>
  readonly health: ReadonlySignal<Health | undefined>
  readonly revisions: ReadonlySignal<readonly Experiment[]>
  /** Why the latest action was refused; '' if it was not. */
  readonly refusal: ReadonlySignal<string>
  act(action: Action, by: string, coverage?: number): Promise<void>
}

export const onePath = (id: string): string => `/v1/experiments/${encodeURIComponent(id)}`

/** The question of the address, as parameters: the slice, and the frozen moment if there is one. */
export function asOf(address: Address, more: Readonly<Record<string, string>> = {}): string {
  const at = address.get('as_of')
  const chosen = new URLSearchParams({ ...more, ...(at !== '' && { as_of: at }) })
  return chosen.size === 0 ? '' : `?${chosen}`
}

export const scorecardQuery = (address: Address): string => {
  const slice = address.get('slice')
  return asOf(address, slice === '' ? {} : { slice })
}

/**
 * Loads an experiment: its definition, decision and health every five seconds, its scorecard as a stream. A frozen
 * moment is loaded once.
 */
export function askExperiment(address: Address, asking: Asking): Asked {
  const experiment = signal<Experiment | undefined>()
  const decision = signal<DecisionAnswer | undefined>()
  const scorecard = signal<Scorecard | undefined>()
  const health = signal<Health | undefined>()
  const revisions = signal<readonly Experiment[]>([])
  const refusal = signal('')
  let feed: Feed | undefined

  const load = async (): Promise<void> => {
    const mark = asking.begin()
    const path = onePath(address.get('id'))
    const [one, trail] = await Promise.all([
      ask<Experiment>(path),
      ask<{ revisions: Experiment[] }>(`${path}/revisions`),
    ])
    if (!asking.isLatest(mark)) return
    if (one.failure !== undefined) return asking.failed(one.failure)
    const isDraft = one.data.startedAt === null
    const [judged, sound] = isDraft
      ? [undefined, undefined]
      : await Promise.all([
          ask<DecisionAnswer>(`${path}/decision${asOf(address)}`, { patience: 30_000 }),
          ask<Health>(`${path}/health`, { patience: 30_000 }),
        ])
    if (!asking.isLatest(mark)) return
    const failure: Failure | undefined = judged?.failure ?? sound?.failure
    batch(() => {
      experiment.value = one.data
      revisions.value = trail.data?.revisions ?? revisions.value
      decision.value = judged?.data ?? decision.value
      health.value = sound?.data ?? health.value
      if (failure === undefined) asking.answered()
      else asking.failed(failure)
    })
    if (!isDraft) follow()
  }
  let followed = ''
  const follow = (): void => {
    const path = `${onePath(address.get('id'))}/scorecard`
    const query = scorecardQuery(address)
    if (followed === path + query) return
    followed = path + query
    feed?.close()
    const pace = address.get('as_of') === '' ? 'live' : 'paused'
    feed = openFeed<Scorecard>(path + query, `${path}/stream${query}`, pace, {
      take: (data) => (scorecard.value = data),
      fail: (failure) => asking.failed(failure),
    })
  }

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  setInterval(() => void (address.get('as_of') === '' && load()), REFRESH_MS)
  return {
    ...{ experiment, decision, scorecard, health, revisions, refusal },
    async act(action, by, coverage) {
      const shown = experiment.value
      if (shown === undefined) return
      const { data, failure } = await tell<Experiment>(`${onePath(shown.id)}/${action}`, {
        by,
        revision: shown.revision,
        ...(coverage !== undefined && { coverage }),
      })
      refusal.value = failure === undefined ? '' : refusalOf(failure)
      if (data === undefined) return
      experiment.value = data
      speak(`${data.name}: ${action} done, it is ${data.state}`)
      await load()
    },
  }
}
