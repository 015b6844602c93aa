import { useState } from 'preact/hooks'
import type { Row } from '../chart/row.ts'
import { Region, Table } from '../chart/table.tsx'
import { Select } from '../shell/choice.tsx'
import { amount, sinceText, utc } from '../shell/format.ts'
import type { Mark, Timeline } from './timeline.ts'

/** Rows shown at a time: a session may have thousands of events. */
const FEW = 250
const TRACKS = [
  ['', 'everything'],
  ['changes', 'changes and troubles'],
  ['telemetry', 'telemetry'],
  ['errors', 'errors'],
  ['decisions', 'decisions'],
  ['requests', 'requests'],
  ['actions', 'actions'],
] as const
const HEAD = ['after', 'time', 'track', 'what', 'details']

/** The table of the picture: every event, rendered only while open. */
export function Events({ timeline }: { readonly timeline: Timeline }) {
  const [isOpen, setOpen] = useState(false)
  const [{ track, most }, show] = useState({ track: '', most: FEW })
  const wanted = isOpen ? timeline.marks.filter((mark) => isOn(mark, track)) : []
  return (
    <details id="twin" class="panel wide" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table of every event</summary>
      <p class="head">
        <label>
          <span>Show</span>
          <Select id="track" options={TRACKS} value={track} choose={(chosen) => show({ track: chosen, most: FEW })} />
        </label>
      </p>
      <Region id="events" label="Every event, as a table" class="tall">
        <Table class="events" head={HEAD} rows={wanted.slice(0, most).map((mark) => rowOf(mark, timeline.from))} />
      </Region>
      {wanted.length > most && (
        <button type="button" onClick={() => show({ track, most: Infinity })}>
          Show all {amount(wanted.length)} events
        </button>
      )}
    </details>
  )
}

const isOn = ({ lane, what, weight }: Mark, track: string): boolean =>
  track === 'changes'
    ? weight > 0 || (lane === 'telemetry' && what !== 'still the same')
    : track === '' || lane === track

const rowOf = ({ at, lane, what, details, weight }: Mark, from: number): Row => [
  sinceText(at - from),
  { text: new Date(at).toISOString().slice(11, 23), title: utc(at) },
  lane,
  { text: what, ...(weight > 0 && { state: weight === 2 ? 'bad' : 'warn' }) },
  details,
]
