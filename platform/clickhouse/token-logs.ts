import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replaceFile } from '../disk/replace-file.ts'

/**
 * Mends the logs in which tables keep the tokens of their inserts, before the engine opens them. A process that ended on
 * a full disk may leave
 *
 * - half a record, and the next one behind it: the engine would read no further, forget all later tokens, and take a
 *   replayed batch twice;
 * - the token of a part that is not there, or is empty: the table would drop the batch when it is replayed.
 */
export function mendTokenLogs(dataDir: string): void {
  for (const file of globSync(join(dataDir, 'store/*/*/deduplication_logs/*.txt'))) {
    const text = readFileSync(file, 'utf8')
    const mended = mendedLog(text, partsOf(dirname(dirname(file))))
    if (mended !== text) replaceFile(file, mended)
  }
}

/** Blocks of a table partition: those of one insert, or of all inserts that a part was merged from. */
interface Blocks {
  readonly partition: string
  readonly first: number
  readonly last: number
}

/** PARTITION_FIRST_LAST_LEVEL, and the number of a mutation. */
const PART = /^(.+?)_(\d+)_(\d+)_\d+(?:_\d+)?$/

function blocksOf(name: string): Blocks | undefined {
  const [, partition, first, last] = PART.exec(name) ?? []
  return partition === undefined ? undefined : { partition, first: Number(first), last: Number(last) }
}

/** The parts in a table's folder, but for those that have an empty file. */
function partsOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && PART.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(folder, name)).every((file) => statSync(join(folder, name, file)).size > 0))
}

/** An operation (1 = added, 2 = dropped), a part, a token; whatever stands before it on its line was cut off. */
const RECORD = /([12])\t([^\t\n]+)\t([^\t\n]+)$/

/** The log with the records that can be read and whose parts stand. Pure. */
export function mendedLog(text: string, parts: readonly string[]): string {
  const lines = text.split('\n')
  // A last line without its end was cut off: its token may be, too.
  const records = lines
    .slice(0, -1)
    .map((line) => RECORD.exec(line))
    .filter((record) => record !== null)
  const dropped = new Set<string>()
  const stands = standing(parts)
  const kept = records
    .toReversed()
    .filter(([, operation, part = '', token = '']) => {
      if (operation === '2') dropped.add(token)
      return operation === '2' || dropped.has(token) || stands(part)
    })
    .toReversed()
  return kept.map(([record]) => `${record}\n`).join('')
}

function standing(parts: readonly string[]): (part: string) => boolean {
  const blocks = Map.groupBy(
    parts.flatMap((name) => blocksOf(name) ?? []),
    ({ partition }) => partition,
  )
  return (part) => {
    const wanted = blocksOf(part)
    if (wanted === undefined) return true
    const there = blocks.get(wanted.partition) ?? []
    return there.some(({ first, last }) => first <= wanted.first && last >= wanted.last)
  }
}
