import { Region, Table } from '../chart/table.tsx'
import { amount, fullTime, NONE } from '../shell/format.ts'
import { useAnswer } from '../shell/hooks.ts'
import { Section } from '../shell/parts.tsx'
import { age } from '../shell/state.ts'
import { shownMinute, type Actions as Answer, type Frame, type Sink } from './view.ts'
import { lagWords } from './words.ts'

const SLOW_MS = 5_000

/** Completeness of the page: missing telemetry, and progress of the log into tables. */
export function Complete({ frame }: { readonly frame: Frame | undefined }) {
  const sink = useAnswer<Sink>('/v1/sink', { everyMs: SLOW_MS })
  return (
    <Section name="complete" title="How complete this is">
      <Region id="unknown" label="What is missing">
        <Table class="words" head={['what is missing', 'value']} rows={frame === undefined ? [] : unknownRows(frame)} />
      </Region>
      <Region id="sink" label="From the log into tables">
        <Table
          class="words"
          head={['from the log into tables', 'value']}
          rows={sink === undefined ? [] : sinkRows(sink)}
        />
      </Region>
      <p class="note" id="sessions-lag">
        {sink === undefined ? '' : lagWords(sink.sessions.seconds_behind)}
      </p>
    </Section>
  )
}

function unknownRows(frame: Frame): string[][] {
  const { received, computed } = frame.as_of
  const minute = shownMinute(frame)
  return [
    ['Players heard whose time is unknown', minute === undefined ? NONE : amount(minute.total.unknown)],
    [
      'Age of the latest record when this was computed',
      received === null ? NONE : age(Math.max(0, computed - received)),
    ],
  ]
}

function sinkRows(sink: Sink): string[][] {
  if (!sink.running) return [['The sink', 'runs in another process']]
  const paused = sink.partitions.filter((each) => each.paused !== '')
  return [
    ['Records that wait in a partition, most', amount(sink.lag)],
    ['Dead letters', amount(sink.dead_letters)],
    ['Rows landed', amount(sink.rows)],
    ['Rows a second', amount(sink.rows_per_second)],
    ['Inserts a second', sink.inserts_per_second.toFixed(1)],
    ['An insert, median and slowest 1 %', `${Math.round(sink.insert_ms.p50)} and ${Math.round(sink.insert_ms.p99)} ms`],
    ['Inserts tried again', amount(sink.retries)],
    [
      'Partitions that wait',
      paused.length === 0 ? 'none' : paused.map((each) => `${each.topic}/${each.partition}: ${each.paused}`).join(', '),
    ],
  ]
}

/** Viewers' actions on the clock. */
export function Actions({ clock }: { readonly clock: string }) {
  const path = `/v1/actions/live?${new URLSearchParams({ clock, minutes: '1440' })}`
  const data = useAnswer<Answer>(path, { everyMs: SLOW_MS })
  return (
    <section id="actions" class="panel" aria-labelledby="actions-title">
      <h2 id="actions-title">What viewers do</h2>
      <p class="note">{data === undefined ? '' : actionsNote(data)}</p>
      {data !== undefined && data.now !== null && (
        <div>
          <Region label="Actions">
            <Table head={['action', 'events']} rows={actionRows(data)} />
          </Region>
          <h3>Top titles of that day</h3>
          <Region label="Top titles">
            <Table head={['title', 'plays', 'ratings']} rows={titleRows(data)} />
          </Region>
        </div>
      )}
    </section>
  )
}

const actionsNote = ({ now, total }: Answer): string =>
  now === null
    ? `${NONE}: nobody has clicked, rated or searched on this clock`
    : `${amount(total)} actions in all; the last day of the clock up to ${fullTime(now)}:`

function actionRows({ minutes }: Answer): string[][] {
  const sums = new Map<string, number>()
  for (const { action, events } of minutes) sums.set(action, (sums.get(action) ?? 0) + events)
  return [...sums].sort(([, a], [, b]) => b - a).map(([action, events]) => [action, amount(events)])
}

const titleRows = ({ top_titles: titles }: Answer): string[][] =>
  titles.length === 0
    ? [[NONE, '', '']]
    : titles.map(({ name, title_id: id, plays, ratings }) => [name || id, amount(plays), amount(ratings)])
