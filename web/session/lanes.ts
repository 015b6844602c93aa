import { topOf } from '../chart/scale.ts'
import { s } from '../shell/dom.ts'
import { bitrate, seconds, sinceText } from '../shell/format.ts'
import { UNKNOWN, type Lane, type Mark, type Step, type Stretch, type Timeline } from './timeline.ts'

/** What is seen of a timeline, ms. */
export interface Span {
  readonly from: number
  readonly to: number
}
interface Frame extends Span {
  readonly left: number
  readonly right: number
  readonly x: (at: number) => number
}
interface Row {
  readonly name: string
  /** Top of the scale, where there is one. */
  readonly top?: string
  readonly height: number
  readonly draw: (frame: Frame, y: number, height: number) => SVGElement[]
}

const [BAND, LINE, MARKS, GAP, AXIS, LETTER] = [20, 44, 16, 8, 22, 7]
/** Room for the names of lanes; narrow pictures name them above. */
const LEFT = 96
const NARROW = 560

/** Lanes that have something in them, in the order in which a viewer meets them. */
function rowsOf(timeline: Timeline): Row[] {
  const marks = (lane: Lane): Row[] => {
    const own = timeline.marks.filter((mark) => mark.lane === lane)
    return own.length === 0
      ? []
      : [{ name: lane, height: MARKS, draw: (frame, y, height) => ticks(own, frame, y, height, lane === 'errors') }]
  }
  const line = (name: string, steps: readonly Step[], text: (value: number) => string): Row[] => {
    if (steps.every(({ value }) => value === null)) return []
    const top = topOf(Math.max(...steps.map(({ value }) => value ?? 0)))
    return [
      {
        name,
        top: `to ${text(top)}`,
        height: LINE,
        draw: (frame: Frame, y: number, height: number) => stairs(steps, frame, y, height, top),
      },
    ]
  }
  const bands = (name: string, stretches: readonly Stretch[], style: string): Row[] =>
    stretches.length === 0
      ? []
      : [
          {
            name,
            height: BAND,
            draw: (frame, y, height) => stretches.flatMap((each) => band(each, frame, y, height, style)),
          },
        ]
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

/** Tracks of which nothing is stored. */
export const missing = (timeline: Timeline): string[] => {
  const present = new Set(rowsOf(timeline).map(({ name }) => name))
  return ['bitrate', 'buffer', 'OCA', 'decisions', 'requests', 'actions'].filter((name) => !present.has(name))
}

/** The picture in so many pixels, with the cursor at a time (null none). */
export function drawLanes(
  timeline: Timeline,
  span: Span,
  width: number,
  cursor: number | null,
): { readonly height: number; readonly elements: SVGElement[] } {
  const narrow = width < NARROW
  const [left, right] = [narrow ? 4 : LEFT, width - 12]
  const frame: Frame = {
    ...span,
    left,
    right,
    x: (at) => left + ((at - span.from) / Math.max(1, span.to - span.from)) * (right - left),
  }
  let y = 4
  const elements: SVGElement[] = []
  for (const { name, top, height, draw } of rowsOf(timeline)) {
    if (narrow) y += 14
    elements.push(
      s(
        'text',
        {
          class: 'lane',
          x: narrow ? left : left - 8,
          y: narrow ? y - 3 : y + height / 2 + (top === undefined ? 4 : -2),
          'text-anchor': narrow ? 'start' : 'end',
        },
        narrow && top !== undefined ? `${name}, ${top}` : name,
      ),
    )
    if (!narrow && top !== undefined)
      elements.push(s('text', { x: left - 8, y: y + height / 2 + 12, 'text-anchor': 'end', class: 'top' }, top))
    elements.push(
      s('line', { class: 'grid', x1: left, x2: right, y1: y + height + GAP / 2, y2: y + height + GAP / 2 }),
      ...draw(frame, y, height),
    )
    y += height + GAP
  }
  elements.push(...axis(timeline, frame, y))
  if (cursor !== null && cursor >= span.from && cursor <= span.to)
    elements.push(s('line', { class: 'cursor', x1: frame.x(cursor), x2: frame.x(cursor), y1: 0, y2: y }))
  return { height: y + AXIS, elements }
}

/** Time of a place in the picture. */
export function timeAt(place: number, span: Span, width: number): number {
  const [left, right] = [width < NARROW ? 4 : LEFT, width - 12]
  return span.from + Math.max(0, Math.min(1, (place - left) / (right - left))) * (span.to - span.from)
}

/** Of a stretch the part that is seen. */
function seen({ from, to }: Span, frame: Frame): readonly [x: number, width: number] | undefined {
  if (to < frame.from || from > frame.to) return undefined
  const x = frame.x(Math.max(from, frame.from))
  // What lasted is to be seen, however short.
  return [x, Math.max(1.5, frame.x(Math.min(to, frame.to)) - x)]
}

function band(stretch: Stretch, frame: Frame, y: number, height: number, style: string): SVGElement[] {
  const place = seen(stretch, frame)
  if (place === undefined) return []
  const [x, width] = place
  const length = seconds(stretch.to - stretch.from)
  const label = style === 'stall' ? `${length} ${stretch.label}` : stretch.label
  const box = s(
    'rect',
    {
      class: `band ${style} ${stretch.kind}`,
      x,
      y,
      width,
      height,
      ...(stretch.kind === UNKNOWN && { fill: 'url(#lost-hatch)' }),
    },
    s('title', {}, `${stretch.label}, ${length}`),
  )
  return width < label.length * LETTER + 8
    ? [box]
    : [box, s('text', { class: 'in', x: x + 5, y: y + height / 2 + 4 }, label)]
}

/** Values hold until the next one; the scale begins at 0. */
function stairs(steps: readonly Step[], frame: Frame, y: number, height: number, top: number): SVGElement[] {
  const place = (value: number): number => y + height - (value / top) * (height - 4)
  let [path, drawing] = ['', false]
  steps.forEach(({ at, value }, i) => {
    const until = steps[i + 1]?.at ?? at
    if (value === null) return void (drawing = false)
    if (until < frame.from || at > frame.to) return void (drawing = false)
    const [from, to] = [frame.x(Math.max(at, frame.from)), frame.x(Math.min(until, frame.to))]
    path += `${drawing ? 'L' : 'M'}${from.toFixed(1)} ${place(value).toFixed(1)}L${to.toFixed(1)} ${place(value).toFixed(1)}`
    drawing = true
  })
  return [s('path', { class: 'line s1', d: path || 'M0 0' })]
}

/** A tick for each mark; of those on one pixel the gravest. Errors carry their code where there is room. */
function ticks(marks: readonly Mark[], frame: Frame, y: number, height: number, named: boolean): SVGElement[] {
  const pixels = new Map<number, Mark>()
  for (const mark of marks) {
    if (mark.at < frame.from || mark.at > frame.to) continue
    const pixel = Math.round(frame.x(mark.at))
    if ((pixels.get(pixel)?.weight ?? -1) < mark.weight) pixels.set(pixel, mark)
  }
  let free = -Infinity
  return [...pixels]
    .sort(([a], [b]) => a - b)
    .flatMap(([pixel, { weight, what }]) => {
      const tick = s(
        'line',
        { class: `tick w${weight}`, x1: pixel, x2: pixel, y1: y + (weight === 0 ? 4 : 0), y2: y + height },
        s('title', {}, what),
      )
      const room = pixel + 4 + what.length * LETTER
      if (!named || pixel < free || room > frame.right) return [tick]
      free = room
      return [tick, s('text', { class: 'in', x: pixel + 4, y: y + height - 3 }, what)]
    })
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400].map(
  (each) => each * 1_000,
)

/** Time since the first event, at round times. */
function axis({ from: start }: Timeline, frame: Frame, y: number): SVGElement[] {
  const least = 64
  const step =
    STEPS.find((each) => (each / Math.max(1, frame.to - frame.from)) * (frame.right - frame.left) >= least) ??
    STEPS.at(-1)!
  const first = Math.ceil((frame.from - start) / step) * step
  const count = Math.floor((frame.to - start - first) / step) + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i * step).map((at) =>
    s('text', { x: frame.x(start + at), y: y + 14, 'text-anchor': at === 0 ? 'start' : 'middle' }, sinceText(at)),
  )
}
