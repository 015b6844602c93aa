import { openAddress } from '../shell/address.ts'
import type { Definitions, MetricsAnswer } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { h, setText } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { fullTime } from '../shell/format.ts'
import { openShell } from '../shell/shell.ts'
import { createEvents } from './events.ts'
import { createMetrics, createStarts, headline, note } from './facts.ts'
import { createPicture } from './picture.ts'
import { timelineOf } from './timeline.ts'
import type { SessionAnswer } from './types.ts'

/** The page of one session: everything that is stored of it, and what the metrics made of that. */
const address = openAddress({ clock: 'world', id: '' }, () => void load())
const wanted = h('input', { id: 'id', autocomplete: 'off', spellcheck: 'false', value: address.get('id') })
const shell = openShell({
  section: 'Session',
  address,
  bar: [],
  filters: [{ name: 'clock', label: 'Clock', options: [['world', 'world']] }],
  search: {
    label: 'Session id',
    elements: [h('label', {}, h('span', {}, 'Session id'), wanted), h('button', { type: 'submit' }, 'Open')],
    focus: wanted,
  },
})
const asking = createAsking(shell)
const picture = createPicture((text) => shell.speak(text))
const [events, starts, metrics] = [createEvents(), createStarts(), createMetrics()]
const body = h('div', { hidden: true }, picture.element, events.element, metrics.element, starts.element)
shell.main.append(body)
const [asOf, json] = [h('span'), h('a', { href: '/v1/qoe/sessions' }, 'This session as JSON')]
shell.footer.append(asOf, ' ', json)
document.addEventListener('submit', (event) => {
  if (!(event.target as Element).contains(wanted)) return
  event.preventDefault()
  address.set('id', wanted.value.trim())
})

/** Metrics that one question may hold. */
const MAX_METRICS = 12

async function load(): Promise<void> {
  const mark = asking.begin()
  const [clock, id] = [address.get('clock'), address.get('id')]
  body.hidden = true
  if (id === '') {
    shell.say('Which session?', 'Write its id at “Session id”, or choose one in the list of sessions.')
    return asking.answered()
  }
  const path = `/v1/qoe/sessions/${encodeURIComponent(id)}?${new URLSearchParams({ clock })}`
  json.href = path
  const [session, definitions] = await Promise.all([ask<SessionAnswer>(path), ask<Definitions>('/v1/qoe/definitions')])
  if (!asking.isLatest(mark)) return
  const failure = session.failure ?? definitions.failure
  if (failure !== undefined) {
    shell.say(failure.code === 'API_SESSION_UNKNOWN' ? 'This session is not known' : 'No figures yet', '')
    return asking.failed(failure)
  }
  draw(session.data!)
  asking.answered()
  await drawMetrics(mark, session.data!, definitions.data!)
}

function draw(answer: SessionAnswer): void {
  shell.say(headline(answer), note(answer))
  body.hidden = false
  const timeline = timelineOf(answer.tracks)
  picture.draw(timeline)
  events.draw(timeline)
  starts.draw(answer.sessions)
  setText(asOf, answer.watermark === null ? '' : `Now on this clock: ${fullTime(answer.watermark)}.`)
}

/** The metrics themselves are asked, not computed again: by start and by end, over all of the session. */
async function drawMetrics(
  mark: number,
  { clock, session_id: id, tracks, sessions }: SessionAnswer,
  definitions: Definitions,
): Promise<void> {
  // How many are there at once is no figure of one session.
  const all = definitions.metrics.filter(({ time }) => time !== 'moment')
  const times = [
    ...sessions.map(({ numbers }) => numbers['session_start'] ?? 0),
    ...tracks.records.map(({ event_time_ms: at }) => at),
  ]
  if (times.length === 0) return
  const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b)) + 1]
  const answers: MetricsAnswer[] = []
  for (let at = 0; at < all.length; at += MAX_METRICS) {
    const asked = all.slice(at, at + MAX_METRICS).map(({ id: metric }): [string, string] => ['metric', metric])
    const { data, failure } = await ask<MetricsAnswer>(
      `/v1/qoe/metrics?${new URLSearchParams([['clock', clock], ['from', String(from)], ['to', String(to)], ['filter', `session_id:${id}`], ...asked])}`,
    )
    if (!asking.isLatest(mark)) return
    if (failure !== undefined) return asking.failed(failure)
    answers.push(data)
    metrics.draw(
      clock,
      id,
      sessions.some(({ status }) => status === 'open'),
      all,
      answers,
    )
  }
}

void load()
