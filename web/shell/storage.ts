/** Key of the name under which this browser's user acts. */
export const OPERATOR = 'operator'

/** Reads a value from this browser's storage, if storage is available. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Returns false if the browser refused, so that the value lasts only for this page. */
export function keep(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}
