import { sinceText } from '../shell/format.ts'

/** The visible range of a timeline, ms. */
export interface Span {
  readonly from: number
  readonly to: number
}
/** The visible range with its position in the picture, CSS pixels. */
export interface Frame extends Span {
  readonly left: number
  readonly right: number
  readonly x: (at: number) => number
}

/** Position of a lane. */
export interface Place {
  readonly frame: Frame
  readonly y: number
  readonly height: number
}

/** Space for the names of lanes; narrow pictures put them above. */
const [LEFT, NARROW_LEFT, MARGIN] = [96, 4, 12]
const NARROW = 560
/** Minimum visible range, ms. */
const MIN_MS = 2_000
const AXIS_LABEL_PX = 64

export const isNarrow = (width: number): boolean => width < NARROW

export function frameOf(span: Span, width: number): Frame {
  const [left, right] = [isNarrow(width) ? NARROW_LEFT : LEFT, width - MARGIN]
  const x = (at: number): number => left + ((at - span.from) / Math.max(1, span.to - span.from)) * (right - left)
  return { ...span, left, right, x }
}

/** Time at a position in the picture. */
export function timeAt(place: number, span: Span, width: number): number {
  const { left, right } = frameOf(span, width)
  return span.from + Math.max(0, Math.min(1, (place - left) / (right - left))) * (span.to - span.from)
}

/** A part of the whole with that length, moved inside it. */
export function within({ from, to }: Span, start: number, end: number): Span {
  const whole = Math.max(1, to - from)
  const length = Math.min(end - start, whole)
  if (!(length < whole)) return { from, to: from + whole }
  const first = Math.max(from, Math.min(start, to - length))
  return { from: first, to: first + length }
}

/** The range scaled by a factor, around a time. */
export function zoomed(whole: Span, span: Span, middle: number, by: number): Span {
  const length = Math.max(MIN_MS, (span.to - span.from) * by)
  return within(whole, middle - length / 2, middle + length / 2)
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400].map(
  (seconds) => seconds * 1_000,
)

/** Round times since the first event, with their positions. */
export function axisOf(start: number, { from, to, left, right, x }: Frame): { at: number; x: number; text: string }[] {
  const step = STEPS.find((each) => (each / Math.max(1, to - from)) * (right - left) >= AXIS_LABEL_PX) ?? STEPS.at(-1)!
  const first = Math.ceil((from - start) / step) * step
  const count = Math.max(0, Math.floor((to - start - first) / step) + 1)
  return Array.from({ length: count }, (_, i) => first + i * step).map((at) => {
    const text = sinceText(at)
    // Keeps the last label inside the picture.
    return { at, x: Math.min(x(start + at), right + MARGIN - text.length * 3.6), text }
  })
}
