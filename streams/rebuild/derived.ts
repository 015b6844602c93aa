import type { Store } from '../../platform/clickhouse/index.ts'
import { inSlice, inSlices, type Slice } from '../../platform/clickhouse/slices.ts'
import { viewTargets } from '../sink/index.ts'
import { LEDGER } from './ledger.ts'

interface View {
  readonly source: string
  readonly target: string
  /** What it selects, as the store has it. */
  readonly query: string
}

/** Places compared at once: a set of some tens of MB in the engine. */
const SLICE_ROWS = 1_000_000
const PLACE = '_partition, _offset'

/**
 * Fills the targets of a table's views with what their views select from the whole table, as they would have when its
 * rows landed. A target that keeps places gets those it lacks; any other keeps maxima, minima and sets alone (a test
 * holds all DDL to that), so that filling it again changes nothing. The ledger, which counts, is made elsewhere.
 */
export async function fillViews(store: Store, table: string): Promise<void> {
  const views = (await store.rows<View>(viewTargets())).filter(({ target }) => target !== LEDGER)
  const fill = async (source: string): Promise<void> => {
    for (const view of views.filter((each) => each.source === source)) {
      const columns = await columnsOf(store, `(${view.query})`)
      if (!keepsPlaces(await columnsOf(store, view.target))) await store.exec(fillQuery(view, columns, '1'))
      else {
        await fillPlaces(store, view, columns)
        await fill(view.target)
      }
    }
  }
  await fill(table)
}

const keepsPlaces = (columns: readonly string[]): boolean =>
  columns.includes('_partition') && columns.includes('_offset')

async function fillPlaces(store: Store, view: View, columns: readonly string[]): Promise<void> {
  const [rows] = await store.rows<{ rows: number }>(`SELECT toFloat64(count()) AS rows FROM ${view.source}`)
  const missing = (slice: Slice): string =>
    `${inSlice(PLACE, slice)} AND (${PLACE}) NOT IN (SELECT ${PLACE} FROM ${view.target} WHERE ${inSlice(PLACE, slice)})`
  await inSlices(rows?.rows ?? 0, SLICE_ROWS, (slice) => store.exec(fillQuery(view, columns, missing(slice))))
}

/** A view writes by name, so the columns are named here. */
const fillQuery = ({ target, query }: View, columns: readonly string[], condition: string): string =>
  `INSERT INTO ${target} (${columns.join(', ')})
SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1, max_block_size = 16384, min_insert_block_size_rows = 65536
SELECT * FROM (${query}) WHERE ${condition}`

async function columnsOf(store: Store, table: string): Promise<readonly string[]> {
  return (await store.rows<{ name: string }>(`DESCRIBE TABLE ${table}`)).map(({ name }) => name)
}
