const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

/** The value of a date and time field, in the viewer's time zone. */
export function localTime(ms: number): string {
  const at = new Date(ms)
  return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
}
