import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { Definitions, MetricsAnswer } from '../shell/answers.ts'
import type { Asking } from '../shell/asking.ts'
import { ask } from '../shell/feed.ts'
import { headline, note, type Measured } from './facts.ts'
import type { SessionAnswer } from './types.ts'

/** Maximum metrics of one request. */
const MAX_METRICS = 12

export interface Asked {
  readonly said: ReadonlySignal<{ readonly headline: string; readonly note: string } | undefined>
  readonly answer: ReadonlySignal<SessionAnswer | undefined>
  readonly measured: ReadonlySignal<Measured | undefined>
}

export const sessionPath = (address: Address): string =>
  address.get('id') === ''
    ? '/v1/qoe/sessions'
    : `/v1/qoe/sessions/${encodeURIComponent(address.get('id'))}?${new URLSearchParams({ clock: address.get('clock') })}`

/** Loads the session of the address, then its metrics. */
export function askSession(address: Address, asking: Asking): Asked {
  const said = signal<{ headline: string; note: string } | undefined>()
  const answer = signal<SessionAnswer | undefined>()
  const measured = signal<Measured | undefined>()

  const load = async (): Promise<void> => {
    const mark = asking.begin()
    answer.value = undefined
    if (address.get('id') === '') {
      said.value = {
        headline: 'Which session?',
        note: 'Write its id at “Session id”, or choose one in the list of sessions.',
      }
      return asking.answered()
    }
    const [session, definitions] = await Promise.all([
      ask<SessionAnswer>(sessionPath(address)),
      ask<Definitions>('/v1/qoe/definitions'),
    ])
    if (!asking.isLatest(mark)) return
    const failure = session.failure ?? definitions.failure
    if (failure !== undefined) {
      const isUnknown = failure.code === 'API_SESSION_UNKNOWN'
      said.value = { headline: isUnknown ? 'This session is not known' : 'No figures yet', note: '' }
      return asking.failed(failure)
    }
    batch(() => {
      said.value = { headline: headline(session.data!), note: note(session.data!) }
      answer.value = session.data
      measured.value = undefined
      asking.answered()
    })
    await measure(mark, session.data!, definitions.data!)
  }

  /** Metrics are requested from the API, not computed again: by start and by end, over the whole session. */
  const measure = async (mark: number, session: SessionAnswer, { metrics }: Definitions): Promise<void> => {
    const { clock, session_id: id, tracks, sessions } = session
    // Concurrency metrics make no sense for one session.
    const definitions = metrics.filter((each) => each.time !== 'moment' && each.replaced_by === undefined)
    const times = [
      ...sessions.map(({ numbers }) => numbers['session_start'] ?? 0),
      ...tracks.records.map(({ event_time_ms: at }) => at),
    ]
    if (times.length === 0) return
    const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b)) + 1]
    const scope = { clock, from: String(from), to: String(to), filter: `session_id:${id}` }
    const isOpen = sessions.some(({ status }) => status === 'open')
    const answers: MetricsAnswer[] = []
    for (let at = 0; at < definitions.length; at += MAX_METRICS) {
      const question = new URLSearchParams(scope)
      for (const metric of definitions.slice(at, at + MAX_METRICS)) question.append('metric', metric.id)
      const { data, failure } = await ask<MetricsAnswer>(`/v1/qoe/metrics?${question}`)
      if (!asking.isLatest(mark)) return
      if (failure !== undefined) return asking.failed(failure)
      answers.push(data)
      measured.value = { clock, id, isOpen, definitions, answers: [...answers] }
    }
  }

  effect(() => {
    address.with({})
    untracked(() => void load())
  })
  return { said, answer, measured }
}
