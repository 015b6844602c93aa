import type { Stretch } from './draw.ts'

/** What a chart that can be narrowed is asked: indices are those of its times. */
export interface BrushOptions {
  readonly picture: SVGElement
  /** Under a place of the pointer; undefined before there are figures. */
  readonly indexOf: (clientX: number) => number | undefined
  /** Of the cursor, -1 none. */
  readonly cursor: () => number
  readonly moveTo: (index: number) => void
  readonly last: () => number
  readonly paint: () => void
  readonly speak: (stretch: Stretch) => void
  /** The stretch was chosen. */
  readonly choose: (stretch: Stretch) => void
}

/** Chooses a stretch of time: drag, or Shift and arrows, then Enter. Returns what is being chosen. */
export function createBrush({
  picture,
  indexOf,
  cursor,
  moveTo,
  last,
  paint,
  speak,
  choose,
}: BrushOptions): () => Stretch | undefined {
  let [anchor, end]: [number | undefined, number | undefined] = [undefined, undefined]
  const chosen = (): Stretch | undefined =>
    anchor === undefined || end === undefined || anchor === end
      ? undefined
      : [Math.min(anchor, end), Math.max(anchor, end)]
  const set = (from: number | undefined, to: number | undefined): void => {
    ;[anchor, end] = [from, to]
    paint()
  }
  const finish = (): void => {
    const stretch = chosen()
    set(undefined, undefined)
    if (stretch !== undefined) choose(stretch)
  }

  picture.addEventListener('pointerdown', (event) => {
    const index = event.button === 0 ? indexOf(event.clientX) : undefined
    if (index === undefined) return
    picture.setPointerCapture(event.pointerId)
    set(index, index)
  })
  picture.addEventListener('pointermove', (event) => {
    if (picture.hasPointerCapture(event.pointerId) && anchor !== undefined) set(anchor, indexOf(event.clientX))
  })
  picture.addEventListener('pointerup', finish)
  picture.addEventListener('pointercancel', () => set(undefined, undefined))
  // Before the listener that moves the cursor alone.
  picture.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') return finish()
    if (event.key === 'Escape' || !event.shiftKey) return set(undefined, undefined)
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined || last() < 0) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const from = cursor() < 0 ? last() : cursor()
    const to = Math.max(0, Math.min(last(), from + step))
    set(anchor ?? from, to)
    moveTo(to)
    const stretch = chosen()
    if (stretch !== undefined) speak(stretch)
  })
  return chosen
}
