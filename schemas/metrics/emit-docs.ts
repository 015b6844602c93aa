import {
  CONCURRENCY_METRICS,
  DETECTION_METRICS,
  LIVE_FIELDS,
  MINUTE_METRICS,
  OLD_IDS,
  SESSION_FAMILIES,
  UNIT_METRICS,
  type Loss,
  type MetricEntry,
} from './index.ts'

/** An entry of any family; only sessions and moments declare the effect of lost telemetry. */
type Entry = MetricEntry & { readonly id: string; readonly loss?: Loss; readonly cmcd?: boolean }
type Column = readonly [heading: string, cell: (entry: Entry) => string]

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => `\`${id}\``],
  ['definition', ({ definition }) => definition],
  ['value', valueOf],
  ['population', ({ population }) => population],
  ['estimator', ({ estimator }) => estimator],
  ['unit', ({ unit }) => unit],
  ['better', ({ better }) => better],
  ['booked to', ({ bookedTo }) => bookedTo],
  ['source', ({ source }) => source],
]
const LOSS: Column = ['loss', ({ loss = '', cmcd }) => `${loss}${cmcd === true ? ', CMCD' : ''}`]
const SERVED: Column = ['answered by', ({ servedBy }) => servedBy.join(', ')]

function valueOf({ numerator, denominator, cap }: Entry): string {
  const parts = denominator === null ? numerator : `${numerator} / ${denominator}`
  return cap === undefined ? parts : `${parts}; ${cap}`
}

/** Tables of docs/metrics.md by name. */
const TABLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(SESSION_FAMILIES).map(([name, metrics]) => [name.toLowerCase(), tableOf(metrics, LOSS)]),
  ),
  moments: tableOf(CONCURRENCY_METRICS, LOSS),
  minutes: tableOf(MINUTE_METRICS, SERVED),
  units: tableOf(UNIT_METRICS),
  detection: tableOf(DETECTION_METRICS),
  fields: table(
    ['field', 'metrics'],
    Object.entries(LIVE_FIELDS).map(([field, ids]) => [`\`${field}\``, ids.map((id) => `\`${id}\``).join(', ')]),
  ),
  old: table(
    ['asked of', 'old id', 'id'],
    Object.entries(OLD_IDS).flatMap(([service, ids]) =>
      Object.entries(ids).map(([old, id]) => [service, `\`${old}\``, `\`${id}\``]),
    ),
  ),
}

function tableOf(metrics: Readonly<Record<string, Entry>>, ...more: readonly Column[]): string {
  const columns = [...COLUMNS, ...more]
  return table(
    columns.map(([heading]) => heading),
    Object.values(metrics).map((entry) => columns.map(([, cell]) => cell(entry))),
  )
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [headings, headings.map(() => '---'), ...rows].map(line).join('\n')
}

const MARKED = /<!-- table (\w+) -->\n[\s\S]*?<!-- end -->/g

/** The text of docs/metrics.md with its tables generated from the registry; throws if it names an unknown table. */
export const withTables = (text: string): string =>
  text.replaceAll(MARKED, (_, name: string) => {
    const rows = TABLES[name]
    if (rows === undefined) throw new Error(`docs/metrics.md asks for the table ${name}, which there is not`)
    return `<!-- table ${name} -->\n\n${rows}\n\n<!-- end -->`
  })

/** Names of tables that are missing from the text. */
export const missingTables = (text: string): string[] =>
  Object.keys(TABLES).filter((name) => !text.includes(`<!-- table ${name} -->`))
