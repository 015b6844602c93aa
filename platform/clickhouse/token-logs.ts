import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../disk/replace-file.ts'

/** A record of an insert's token: added or dropped, the part, the token. */
const RECORD = /[12]\t[^\t\n]+\t[^\t\n]+$/

/**
 * Mends the logs in which tables keep the tokens of their inserts, before the engine opens them. On a full disk the
 * engine may leave half a record and write the next one behind it; it would then read no further, forget all later
 * tokens and take a replayed batch twice.
 */
export function mendTokenLogs(dataDir: string): void {
  for (const file of globSync(join(dataDir, 'store/*/*/deduplication_logs/*.txt'))) {
    const text = readFileSync(file, 'utf8')
    const whole = wholeRecords(text)
    if (whole !== text) replaceFile(file, whole)
  }
}

/** The records of a log that can be read. Pure. */
export function wholeRecords(text: string): string {
  const lines = text.split('\n')
  const last = lines.pop()
  const records = lines.flatMap((line) => RECORD.exec(line)?.[0] ?? [])
  // A last line without its end was cut off: its token may be, too.
  if (last === '' && records.length === lines.length && records.every((record, n) => record === lines[n])) return text
  return records.map((record) => `${record}\n`).join('')
}
