import { useLayoutEffect, useRef } from 'preact/hooks'
import { localTime } from './local-time.ts'

/** What a field says, as ms in text; '' where it says nothing. */
export const msOf = (value = ''): string => (value === '' ? '' : String(new Date(value).getTime()))

export interface TimeFieldProps {
  readonly id: string
  readonly label: string
  /** Of the clock; undefined or null: none. */
  readonly ms: number | null | undefined
  readonly hidden?: boolean
  readonly input?: { current: HTMLInputElement | null }
  readonly choose: (value: string) => void
}

/** A moment in the viewer's zone. What somebody is writing is not written over. */
export function TimeField({ id, label, ms, hidden = false, input, choose }: TimeFieldProps) {
  const own = useRef<HTMLInputElement>(null)
  const field = input ?? own
  useLayoutEffect(() => {
    if (field.current !== null && document.activeElement !== field.current)
      field.current.value = typeof ms === 'number' && Number.isFinite(ms) ? localTime(ms) : ''
  }, [ms])
  return (
    <label hidden={hidden}>
      <span>{label}</span>
      <input
        ref={field}
        id={id}
        type="datetime-local"
        step={1}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    </label>
  )
}
