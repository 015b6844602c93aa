/** Parses JSONEachRow. JSON escapes line ends within strings, so each line end is the end of a row. */
export function parseRows<T>(lines: Uint8Array): T[] {
  const rows = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString('utf8').trimEnd()
  return JSON.parse(`[${rows.replaceAll('\n', ',')}]`) as T[]
}
