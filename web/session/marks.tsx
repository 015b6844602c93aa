import { seconds } from '../shell/format.ts'
import type { Frame, Place, Span } from './span.ts'
import { UNKNOWN, type Mark, type Step, type Stretch } from './timeline.ts'

const LETTER_PX = 7
/** Id of the hatch pattern of unknown ranges. */
export const LOST_HATCH = 'lost-hatch'

/** The visible part of a time range. */
function seen({ from, to }: Span, frame: Frame): readonly [x: number, width: number] | undefined {
  if (to < frame.from || from > frame.to) return undefined
  const x = frame.x(Math.max(from, frame.from))
  // Even a very short range must be visible.
  return [x, Math.max(1.5, frame.x(Math.min(to, frame.to)) - x)]
}

export interface BandsProps extends Place {
  readonly stretches: readonly Stretch[]
  readonly style: 'state' | 'stall' | 'oca'
}

/** Time ranges by state, labelled if there is room. */
export const Bands = ({ stretches, ...place }: BandsProps) => (
  <>
    {stretches.map((stretch) => (
      <Band key={`${stretch.from} ${stretch.kind}`} {...place} stretch={stretch} />
    ))}
  </>
)

type BandProps = Omit<BandsProps, 'stretches'> & { readonly stretch: Stretch }

function Band({ frame, y, height, style, stretch: { from, to, kind, label } }: BandProps) {
  const place = seen({ from, to }, frame)
  if (place === undefined) return null
  const [x, width] = place
  const length = seconds(to - from)
  const text = style === 'stall' ? `${length} ${label}` : label
  const fill = kind === UNKNOWN ? { fill: `url(#${LOST_HATCH})` } : {}
  return (
    <>
      <rect class={`band ${style} ${kind}`} x={x} y={y} width={width} height={height} {...fill}>
        <title>{`${label}, ${length}`}</title>
      </rect>
      {width >= text.length * LETTER_PX + 8 && (
        <text class="in" x={x + 5} y={y + height / 2 + 4}>
          {text}
        </text>
      )}
    </>
  )
}

/** Steps: a value holds until the next one; the scale begins at 0. */
export function Stairs({ frame, y, height, steps, top }: Place & { steps: readonly Step[]; top: number }) {
  const level = (value: number): string => (y + height - (value / top) * (height - 4)).toFixed(1)
  let [path, isDrawing] = ['', false]
  steps.forEach(({ at, value }, i) => {
    const until = steps[i + 1]?.at ?? at
    if (value === null || until < frame.from || at > frame.to) return void (isDrawing = false)
    const [from, to] = [frame.x(Math.max(at, frame.from)), frame.x(Math.min(until, frame.to))]
    path += `${isDrawing ? 'L' : 'M'}${from.toFixed(1)} ${level(value)}L${to.toFixed(1)} ${level(value)}`
    isDrawing = true
  })
  return <path class="line s1" d={path || 'M0 0'} />
}

export interface TicksProps extends Place {
  readonly marks: readonly Mark[]
  /** Whether ticks are labelled if there is room. */
  readonly named: boolean
}

/** A tick for each mark; of those on one pixel, the most severe. */
export function Ticks({ frame, y, height, marks, named }: TicksProps) {
  const pixels = new Map<number, Mark>()
  for (const mark of marks) {
    if (mark.at < frame.from || mark.at > frame.to) continue
    const pixel = Math.round(frame.x(mark.at))
    if ((pixels.get(pixel)?.weight ?? -1) < mark.weight) pixels.set(pixel, mark)
  }
  const placed = [...pixels].sort(([a], [b]) => a - b)
  const texts = named ? roomFor(placed, frame.right) : new Set<number>()
  return (
    <>
      {placed.map(([pixel, { weight, what }]) => (
        <g key={pixel}>
          <line class={`tick w${weight}`} x1={pixel} x2={pixel} y1={y + (weight === 0 ? 4 : 0)} y2={y + height}>
            <title>{what}</title>
          </line>
          {texts.has(pixel) && (
            <text class="in" x={pixel + 4} y={y + height - 3}>
              {what}
            </text>
          )}
        </g>
      ))}
    </>
  )
}

/** Ticks whose labels fit between the previous label and the edge. */
function roomFor(placed: readonly (readonly [number, Mark])[], right: number): ReadonlySet<number> {
  const found = new Set<number>()
  let free = -Infinity
  for (const [pixel, { what }] of placed) {
    const end = pixel + 4 + what.length * LETTER_PX
    if (pixel < free || end > right) continue
    free = end
    found.add(pixel)
  }
  return found
}
