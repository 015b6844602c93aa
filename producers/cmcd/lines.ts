const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Visits the lines of a body of event mode, `[from, end)` of each; empty ones are no records. A break by CR LF is one
 * too.
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
