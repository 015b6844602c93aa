import type { ComponentChildren } from 'preact'
import { topOf } from '../chart/scale.ts'
import { bitrate, seconds } from '../shell/format.ts'
import { Bands, Stairs, Ticks } from './marks.tsx'
import { axisOf, frameOf, isNarrow, type Place, type Span } from './span.ts'
import type { Lane, Step, Stretch, Timeline } from './timeline.ts'

interface Row {
  readonly name: string
  /** Label of the top of the scale, if any. */
  readonly top?: string
  readonly height: number
  readonly draw: (place: Place) => ComponentChildren
}

const [BAND, LINE, MARKS, GAP, AXIS] = [20, 44, 16, 8, 22]

/** Lanes that are not empty, in the order in which a viewer meets them. */
function rowsOf(timeline: Timeline): Row[] {
  const marks = (lane: Lane): Row[] => {
    const own = timeline.marks.filter((mark) => mark.lane === lane)
    const draw: Row['draw'] = (place) => <Ticks {...place} marks={own} named={lane === 'errors'} />
    return own.length === 0 ? [] : [{ name: lane, height: MARKS, draw }]
  }
  const line = (name: string, steps: readonly Step[], text: (value: number) => string): Row[] => {
    if (steps.every(({ value }) => value === null)) return []
    const top = topOf(Math.max(...steps.map(({ value }) => value ?? 0)))
    const draw: Row['draw'] = (place) => <Stairs {...place} steps={steps} top={top} />
    return [{ name, top: `to ${text(top)}`, height: LINE, draw }]
  }
  const bands = (name: string, stretches: readonly Stretch[], style: 'state' | 'stall' | 'oca'): Row[] => {
    const draw: Row['draw'] = (place) => <Bands {...place} stretches={stretches} style={style} />
    return stretches.length === 0 ? [] : [{ name, height: BAND, draw }]
  }
  return [
    ...bands('player', timeline.states, 'state'),
    ...bands('stalls', timeline.stalls, 'stall'),
    ...line('bitrate', timeline.bitrate, bitrate),
    ...line('buffer', timeline.buffer, seconds),
    ...bands('OCA', timeline.ocas, 'oca'),
    ...marks('errors'),
    ...marks('decisions'),
    ...marks('requests'),
    ...marks('actions'),
  ]
}

/** Tracks without stored data. */
export const missing = (timeline: Timeline): string[] => {
  const present = new Set(rowsOf(timeline).map(({ name }) => name))
  return ['bitrate', 'buffer', 'OCA', 'decisions', 'requests', 'actions'].filter((name) => !present.has(name))
}

/** Layout of rows from top to bottom; narrow pictures put a lane's name above it. */
function layOut(rows: readonly Row[], narrow: boolean): { readonly tops: readonly number[]; readonly bottom: number } {
  const tops: number[] = []
  let y = 4
  for (const { height } of rows) {
    if (narrow) y += 14
    tops.push(y)
    y += height + GAP
  }
  return { tops, bottom: y }
}

/** Height of the picture at this width, in pixels. */
export const heightOf = (timeline: Timeline, width: number): number =>
  layOut(rowsOf(timeline), isNarrow(width)).bottom + AXIS

export interface LanesProps {
  readonly timeline: Timeline
  readonly span: Span
  readonly width: number
}

/** The picture at this width in pixels, without the cursor. */
export function Lanes({ timeline, span, width }: LanesProps) {
  const [frame, rows, narrow] = [frameOf(span, width), rowsOf(timeline), isNarrow(width)]
  const { tops, bottom } = layOut(rows, narrow)
  const { left, right } = frame
  return (
    <>
      {rows.map(({ name, top, height, draw }, i) => {
        const y = tops[i]!
        return (
          <g key={name}>
            <Name name={name} top={top} narrow={narrow} left={left} y={y} height={height} />
            <line class="grid" x1={left} x2={right} y1={y + height + GAP / 2} y2={y + height + GAP / 2} />
            {draw({ frame, y, height })}
          </g>
        )
      })}
      {axisOf(timeline.from, frame).map(({ at, x, text }) => (
        <text key={at} x={x} y={bottom + 14} text-anchor={at === 0 ? 'start' : 'middle'}>
          {text}
        </text>
      ))}
    </>
  )
}

/** The cursor at a time; null for none. */
export function LaneCursor({ timeline, span, width, at }: LanesProps & { readonly at: number | null }) {
  if (at === null || at < span.from || at > span.to) return null
  const x = frameOf(span, width).x(at)
  return <line class="cursor" x1={x} x2={x} y1={0} y2={layOut(rowsOf(timeline), isNarrow(width)).bottom} />
}

interface NameProps {
  readonly name: string
  readonly top: string | undefined
  readonly narrow: boolean
  readonly left: number
  readonly y: number
  readonly height: number
}

function Name({ name, top, narrow, left, y, height }: NameProps) {
  if (narrow)
    return (
      <text class="lane" x={left} y={y - 3} text-anchor="start">
        {top === undefined ? name : `${name}, ${top}`}
      </text>
    )
  return (
    <>
      <text class="lane" x={left - 8} y={y + height / 2 + (top === undefined ? 4 : -2)} text-anchor="end">
        {name}
      </text>
      {top !== undefined && (
        <text class="top" x={left - 8} y={y + height / 2 + 12} text-anchor="end">
          {top}
        </text>
      )}
    </>
  )
}
