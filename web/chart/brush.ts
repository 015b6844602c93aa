import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Stretch } from './data.ts'

/** Options of a chart with range selection; indices refer to its times. */
export interface BrushOptions {
  /** The index at a pointer position; undefined before there are figures. */
  readonly indexOf: (clientX: number) => number | undefined
  /** Index of the cursor, -1 for none. */
  readonly cursor: () => number
  readonly moveTo: (index: number) => void
  readonly last: number
  readonly speak: (stretch: Stretch) => void
  /** Called when a range was selected. */
  readonly choose: (stretch: Stretch) => void
}

export interface Brush {
  readonly chosen: ReadonlySignal<Stretch | undefined>
  readonly down: (event: PointerEvent) => void
  readonly move: (event: PointerEvent) => void
  readonly finish: () => void
  readonly cancel: () => void
  /** Returns true if the brush handled the key. */
  readonly key: (event: KeyboardEvent) => boolean
}

/** Selects a range of time: drag, or Shift and arrow keys, then Enter. */
export function useBrush({ indexOf, cursor, moveTo, last, speak, choose }: BrushOptions): Brush {
  const chosen = useSignal<Stretch | undefined>(undefined)
  const anchor = useRef<number | undefined>(undefined)
  const set = (from: number | undefined, to: number | undefined): void => {
    anchor.current = from
    chosen.value =
      from === undefined || to === undefined || from === to ? undefined : [Math.min(from, to), Math.max(from, to)]
  }
  const cancel = (): void => set(undefined, undefined)
  const finish = (): void => {
    const stretch = chosen.value
    cancel()
    if (stretch !== undefined) choose(stretch)
  }
  const extend = (by: -1 | 1): void => {
    const from = cursor() < 0 ? last : cursor()
    const to = Math.max(0, Math.min(last, from + by))
    set(anchor.current ?? from, to)
    moveTo(to)
    if (chosen.value !== undefined) speak(chosen.value)
  }
  return {
    chosen,
    finish,
    cancel,
    down(event) {
      const index = event.button === 0 ? indexOf(event.clientX) : undefined
      if (index === undefined) return
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      set(index, index)
    },
    move(event) {
      const isDragged = (event.currentTarget as Element).hasPointerCapture(event.pointerId)
      if (isDragged && anchor.current !== undefined) set(anchor.current, indexOf(event.clientX))
    },
    key(event) {
      const step = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key]
      if (event.key === 'Enter') finish()
      else if (event.key === 'Escape' || !event.shiftKey) cancel()
      else if (step !== undefined && last >= 0) {
        event.preventDefault()
        extend(step)
        return true
      }
      return false
    },
  }
}
