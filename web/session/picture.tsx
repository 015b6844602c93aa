import { useMemo, useRef } from 'preact/hooks'
import { useSignal, type Signal } from '@preact/signals'
import { Hatching } from '../chart/drawing.tsx'
import { fullTime, sinceText, utc } from '../shell/format.ts'
import { useWidth } from '../shell/hooks.ts'
import { speak } from '../shell/voice.ts'
import { heightOf, LaneCursor, Lanes, missing } from './lanes.tsx'
import { LOST_HATCH } from './marks.tsx'
import { movesOf, keyOf, nearest, type Moves } from './moves.ts'
import { timeAt, within, type Span } from './span.ts'
import { readingAt, stateName, UNKNOWN, type Timeline } from './timeline.ts'

type Cursor = Signal<number | null>

const TOOLS = [
  ['Zoom in', '+', (moves: Moves) => moves.zoom(0.5)],
  ['Zoom out', '-', (moves: Moves) => moves.zoom(2)],
  ['Whole session', '0', (moves: Moves) => moves.zoom(Infinity)],
  ['Next trouble', 'n', (moves: Moves) => moves.trouble(1)],
] as const

/** The lanes of a session with a shared cursor: moved by pointer, or event by event with the keys. */
export function Picture({ timeline }: { readonly timeline: Timeline }) {
  const picture = useRef<SVGSVGElement>(null)
  const width = useWidth(picture)
  const cursor = useSignal<number | null>(null)
  const span = useSignal<Span>(within(timeline, timeline.from, timeline.to))
  const times = useMemo(() => [...new Set(timeline.marks.map(({ at }) => at))], [timeline])
  const moves = movesOf({ timeline, times, cursor, span, speak })
  const absent = missing(timeline)
  const height = heightOf(timeline, width)
  const point = (event: PointerEvent): void => {
    const { left, width: wide } = picture.current!.getBoundingClientRect()
    cursor.value = nearest(times, timeAt(event.clientX - left, span.value, wide))
  }
  const press = (event: KeyboardEvent): void => {
    const run = times.length === 0 ? undefined : keyOf(event, moves)
    if (run === undefined) return
    event.preventDefault()
    run()
  }
  return (
    <figure id="timeline" class="panel">
      <figcaption class="head">
        <h2>What happened</h2>
        <div class="tools">
          {TOOLS.map(([text, key, run]) => (
            <button key={key} type="button" aria-keyshortcuts={key} onClick={() => run(moves)}>
              {text}
            </button>
          ))}
        </div>
      </figcaption>
      <Legend timeline={timeline} />
      <LaneReading timeline={timeline} cursor={cursor} />
      <svg
        ref={picture}
        role="img"
        tabindex={0}
        aria-label={`Timeline of ${sinceText(timeline.to - timeline.from)}: ${timeline.marks.length} events, ${timeline.stalls.length} stalls. The table below has all of them.`}
        aria-describedby="lane-keys"
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        onKeyDown={press}
        onPointerMove={point}
      >
        <Hatching id={LOST_HATCH} />
        <Lanes timeline={timeline} span={span.value} width={width} />
        <FollowedCursor timeline={timeline} span={span.value} width={width} cursor={cursor} />
      </svg>
      <p id="lane-keys" class="note">
        Arrow keys go event by event, with Shift from trouble to trouble; + and − zoom, 0 shows all.
      </p>
      <p class="note">{absent.length === 0 ? '' : `No data: ${absent.join(', ')}.`}</p>
    </figure>
  )
}

interface FollowedCursorProps {
  readonly timeline: Timeline
  readonly span: Span
  readonly width: number
  readonly cursor: Cursor
}

/** A separate component, so that lanes are not drawn again when the cursor moves. */
const FollowedCursor = ({ cursor, ...place }: FollowedCursorProps) => <LaneCursor {...place} at={cursor.value} />

const Legend = ({ timeline }: { readonly timeline: Timeline }) => (
  <p class="legend">
    {[...new Set(timeline.states.map(({ kind }) => kind))].map((kind) => (
      <>
        <span class={`chip state ${kind}`} aria-hidden="true" />
        {`${kind === UNKNOWN ? 'telemetry lost' : stateName(kind)} `}
      </>
    ))}
  </p>
)

/** States and events at the cursor. Not a live region: keys that move the cursor announce it themselves. */
function LaneReading({ timeline, cursor }: { readonly timeline: Timeline; readonly cursor: Cursor }) {
  const at = cursor.value ?? timeline.from
  const { standing, happened } = readingAt(timeline, at)
  return (
    <p class="reading lanes" aria-hidden="true">
      <time title={utc(at)}>{`${sinceText(at - timeline.from)} · ${fullTime(at)}`}</time> <span>{standing}</span>{' '}
      <b>{happened}</b>
    </p>
  )
}
