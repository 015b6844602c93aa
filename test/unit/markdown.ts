/** Rows of every Markdown table in a text whose first cell is one name in backquotes: that name → its other cells. */
export function namedRows(text: string): Map<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>()
  for (const line of text.split('\n')) {
    const [, name, rest] = /^\| `([^`]+)` \|(.*)\|\s*$/.exec(line) ?? []
    if (name === undefined || rest === undefined) continue
    if (rows.has(name)) throw new Error(`${name} stands twice`)
    // A bar inside a cell is written \|.
    rows.set(
      name,
      rest.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
  }
  return rows
}

/** The part of a text under a heading, up to the next heading of its depth or a higher one. */
export function section(text: string, heading: string): string {
  const depth = heading.indexOf(' ')
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) throw new Error(`no heading "${heading}"`)
  const length = lines.slice(start + 1).findIndex((line) => new RegExp(`^#{1,${depth}} `).test(line))
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n')
}
