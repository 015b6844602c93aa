import { StoreError, type Store } from '../../../platform/clickhouse/port.ts'
import { inSlice, inSlices } from '../../../platform/clickhouse/slices.ts'
import type { MinuteDimension } from '../definitions.ts'
import { TARGET } from '../state.ts'
import { MAX_VALUES } from './bounds.ts'
import { addCell } from './cells.ts'
import { keepMost } from './most.ts'
import { keyOf, OTHER_ASN, OTHERS, PLACE_DIMENSIONS } from './places.ts'
import type { Minute, MinuteRange } from './rollups.ts'
import { emptyCell, type OpenCell } from './spread.ts'
import { readMinutes } from './stored.ts'
import { storedCount } from './tail.ts'

/** ClickHouse's codes for a result of more rows than the statement may return, and for more memory than it may use. */
const TOO_LARGE: ReadonlySet<number> = new Set([396, 241])
/** Of so many values the rest is summed where minutes have too many cells: their combinations must fit. */
const FEW_VALUES = MAX_VALUES / 20

/**
 * Minutes from the store. If clients invented so many values that they have too many cells, those with the most sessions
 * of the range are kept in each dimension, by the rule of places.ts, and the rest is summed under OTHERS.
 */
export async function readBoundedMinutes(store: Pick<Store, 'bytes' | 'rows'>, range: MinuteRange): Promise<Minute[]> {
  try {
    return await readMinutes(store, range)
  } catch (error) {
    if (!(error instanceof StoreError) || !TOO_LARGE.has(error.engineCode)) throw error
  }
  const kept = new Map<MinuteDimension, ReadonlySet<string> | undefined>()
  for (const name of PLACE_DIMENSIONS) kept.set(name, await mostHeard(store, range, name))
  const valueOf = (name: MinuteDimension): string => {
    const values = kept.get(name)
    const other = name === 'asn' ? String(OTHER_ASN) : `'${OTHERS}'`
    return values === undefined
      ? name
      : `if(hex(toString(${name})) IN (${['', ...[...values].map(hexOf)].map((hex) => `'${hex}'`).join(', ')}), ${name}, ${other})`
  }
  const minutes = new Map<number, Map<string, OpenCell>>()
  const [states] = await store.rows<{ rows: number }>(storedCount(range))
  await inSlices(states?.rows ?? 0, SLICE_STATES, async (slice) => {
    for (const minute of await readMinutes(store, range, undefined, {
      valueOf,
      condition: inSlice('session_id', slice),
    }))
      addMinute(minutes, minute)
  })
  return [...minutes].sort(([a], [b]) => a - b).map(([minute, cells]) => ({ minute, cells: [...cells.values()] }))
}

/** States of one statement: it then stays within the memory of a query. */
const SLICE_STATES = 50_000

/** Adds the cells of a minute: they are sums over sessions. */
function addMinute(minutes: Map<number, Map<string, OpenCell>>, { minute, cells }: Minute): void {
  const known = minutes.get(minute) ?? new Map<string, OpenCell>()
  minutes.set(minute, known)
  for (const cell of cells) {
    const key = keyOf(cell)
    const sum = known.get(key) ?? emptyCell(cell)
    known.set(key, sum)
    addCell(sum, cell)
  }
}

/** Values that come from clients are compared as hex digits: no text of theirs stands in a statement. */
const hexOf = (value: string): string => Buffer.from(value).toString('hex').toUpperCase()

/** The values of a dimension that are kept; undefined = all. */
async function mostHeard(
  store: Pick<Store, 'rows'>,
  range: MinuteRange,
  name: MinuteDimension,
): Promise<ReadonlySet<string> | undefined> {
  const rows = await store.rows<{ value: string; segments: number }>({
    sql: `SELECT toString(${name}) AS value, toFloat64(uniq(session_id, instance, segment)) AS segments FROM ${TARGET}
WHERE clock = {clock:String} AND minute >= {from:Int64} AND minute <= {to:Int64}
GROUP BY value ORDER BY segments DESC LIMIT ${FEW_VALUES + 1}`,
    params: { ...range },
  })
  return keepMost(new Map(rows.map(({ value, segments }) => [value, segments])), FEW_VALUES)
}
