const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Calls `visit` with `[from, end)` of each line of an event mode body; empty lines are not records. CR LF is accepted
 * as a line break.
 */
export function eachLine(bytes: Uint8Array, visit: (from: number, end: number) => void): void {
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from)
    const next = newline === -1 ? bytes.length : newline
    const end = next > from && bytes[next - 1] === RETURN ? next - 1 : next
    if (end > from) visit(from, end)
    from = next + 1
  }
}
