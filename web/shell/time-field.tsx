import { useLayoutEffect, useRef } from 'preact/hooks'
import { localTime } from './local-time.ts'

/** The value of a field as text in ms; '' if it is empty. */
export const msOf = (value = ''): string => (value === '' ? '' : String(new Date(value).getTime()))

export interface TimeFieldProps {
  readonly id: string
  readonly label: string
  /** Ms of the clock; undefined or null for none. */
  readonly ms: number | null | undefined
  readonly hidden?: boolean
  readonly input?: { current: HTMLInputElement | null }
  readonly choose: (value: string) => void
}

/** A time in the viewer's time zone. Does not overwrite what the user is typing. */
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
