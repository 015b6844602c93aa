import type { ComponentChildren } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { ReadonlySignal } from '@preact/signals'
import { periodText } from '../shell/format.ts'
import { useWidth } from '../shell/hooks.ts'
import { speak } from '../shell/voice.ts'
import { useBrush } from './brush.ts'
import { settled, spoken, type ChartData, type Stretch } from './data.ts'
import { Chosen, Drawing, Hatching, Pointer } from './drawing.tsx'
import { HEIGHT, indexAt, plotOf, type Plot } from './plot.ts'
import { cursorIndex, Reading, type Cursor } from './reading.tsx'
import { Twin } from './twin.tsx'

export interface PanelProps {
  readonly id: string
  readonly title: string
  /** Heading above the chart, if it differs from the title. */
  readonly heading?: string
  /** What the figures mean, with the ids of their definitions. */
  readonly meaning: string
  /** Undefined before the first answer. */
  readonly data: ChartData | undefined
  /** Shared by all charts of a page. */
  readonly cursor: Cursor
  /** The status class of a value of the first line. */
  readonly judge?: ((value: number | null) => string) | undefined
  /** Makes ranges selectable: called with the selected range, ms, the end exclusive. */
  readonly choose?: (from: number, to: number) => void
  readonly children?: ComponentChildren
}

/** A chart with its reading, cursor and table, all from one array. */
export function Panel({ id, title, heading = title, meaning, data, cursor, judge, choose, children }: PanelProps) {
  return (
    <figure id={id} class="panel">
      <Reading heading={heading} meaning={meaning} data={data} cursor={cursor} judge={judge} />
      <Chart id={id} title={title} data={data} cursor={cursor} choose={choose} />
      <Twin title={title} data={data} meaning={meaning} />
      {children}
    </figure>
  )
}

type ChartProps = Pick<PanelProps, 'id' | 'title' | 'data' | 'cursor'> & { readonly choose: PanelProps['choose'] }

function Chart({ id, title, data, cursor, choose }: ChartProps) {
  const picture = useRef<SVGSVGElement>(null)
  const width = useWidth(picture)
  const plot = useMemo(() => (data === undefined ? undefined : plotOf(data, width)), [data, width])
  const brush = useBrush({
    cursor: () => cursorIndex(data, cursor),
    last: (data?.times.length ?? 0) - 1,
    moveTo: (index) => (cursor.value = data!.times[index]!),
    indexOf: (place) =>
      data === undefined || data.times.length < 2
        ? undefined
        : indexAt(data, place - picture.current!.getBoundingClientRect().left, picture.current!.clientWidth),
    speak: (stretch) => speak(`${periodText(...span(data!, stretch))} chosen; Enter narrows to it`),
    choose: (stretch) => choose?.(...span(data!, stretch)),
  })
  const how =
    choose === undefined ? 'minute by minute' : 'step by step, with Shift they choose a stretch and Enter narrows to it'
  return (
    <svg
      ref={picture}
      role="img"
      tabindex={0}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      aria-label={
        data === undefined
          ? `${title}: loading`
          : `${title}. ${spoken(data, settled(data))}. Arrow keys read ${how}; the table below has all figures.`
      }
      onKeyDown={(event) => {
        if (choose === undefined || !brush.key(event)) steer(event, data, cursor)
      }}
      onPointerMove={(event) => {
        if (choose !== undefined) brush.move(event)
        point(event, data, cursor)
      }}
      onPointerLeave={() => (cursor.value = null)}
      {...(choose !== undefined && {
        onPointerDown: brush.down,
        onPointerUp: brush.finish,
        onPointerCancel: brush.cancel,
      })}
    >
      <Hatching id={`${id}-hatch`} />
      {plot !== undefined && (
        <>
          <Drawing plot={plot} hatch={`${id}-hatch`} />
          <Overlay plot={plot} cursor={cursor} chosen={brush.chosen} />
        </>
      )}
    </svg>
  )
}

/** The parts that move with the cursor, separated so that the rest is not drawn again. */
const Overlay = ({
  plot,
  cursor,
  chosen,
}: {
  plot: Plot
  cursor: Cursor
  chosen: ReadonlySignal<Stretch | undefined>
}) => (
  <>
    <Chosen plot={plot} stretch={chosen.value} />
    <Pointer plot={plot} index={cursorIndex(plot.data, cursor)} />
  </>
)

const span = ({ times }: ChartData, [from, to]: Stretch): readonly [number, number] => [
  times[from]!,
  times[to]! + times[1]! - times[0]!,
]

/** Keys move the cursor, and the value is announced. */
function steer(event: KeyboardEvent, data: ChartData | undefined, cursor: Cursor): void {
  if (event.key === 'Escape') cursor.value = null
  if (event.key === 'Escape' || data === undefined || data.times.length === 0) return
  const last = data.times.length - 1
  const at = cursorIndex(data, cursor)
  const from = at < 0 ? last + 1 : at
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key]
  if (to === undefined) return
  event.preventDefault()
  const index = Math.max(0, Math.min(last, to))
  cursor.value = data.times[index]!
  speak(spoken(data, index))
}

/** The pointer moves the cursor without an announcement. */
function point(event: PointerEvent, data: ChartData | undefined, cursor: Cursor): void {
  if (data === undefined || data.times.length === 0) return
  const { left, width } = (event.currentTarget as Element).getBoundingClientRect()
  cursor.value = data.times[indexAt(data, event.clientX - left, width)]!
}
