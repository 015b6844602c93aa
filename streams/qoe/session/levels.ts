/**
 * A statement as levels; each selects only the columns that the levels above it use. Subqueries are avoided: a level
 * that neither groups nor unfolds an array becomes part of the SELECT below it. Both help the analyzer, whose time
 * grows with the number of columns and faster with the depth: fifteen subqueries of sixty columns took a second.
 */
export interface Level {
  /** 'expression AS name', over names of the levels below. */
  readonly columns: readonly string[]
  readonly where?: string
  /** Names or 'expression AS name' to group by; a level without it passes on the columns below. */
  readonly groupBy?: readonly string[]
  /** Starts a subquery, because the level makes rows (arrayJoin) or reuses a name for something else. */
  readonly apart?: boolean
}

interface Column {
  readonly name: string
  readonly sql: string
}

interface Select {
  readonly own: readonly Column[]
  readonly passed: readonly string[]
  readonly where: readonly string[]
  readonly groupBy: readonly string[] | undefined
  readonly apart: boolean
}

export const nameOf = (column: string): string => column.slice(column.lastIndexOf(' ') + 1)
const words = (sql: string): string[] => sql.match(/[A-Za-z_]\w*/g) ?? []

/** Builds a statement from a table and levels (lowest first); `wanted` are the names needed from the top level. */
export function compose(table: string, levels: readonly Level[], wanted: readonly string[]): string {
  const known: ReadonlySet<string>[] = []
  let below = new Set<string>()
  for (const { columns, groupBy } of levels) {
    known.push(below)
    below = new Set([...(groupBy?.map(nameOf) ?? below), ...columns.map(nameOf)])
  }
  let want = new Set(wanted)
  const selects: Select[] = []
  for (let i = levels.length - 1; i >= 0; i--) {
    const { columns, where, groupBy, apart = false } = levels[i]!
    const own = columns.map((sql) => ({ sql, name: nameOf(sql) })).filter(({ name }) => want.has(name))
    const made = new Set(own.map(({ name }) => name))
    const passed = groupBy ?? [...want].filter((name) => !made.has(name) && known[i]!.has(name))
    if (own.length > 0 || where !== undefined || groupBy !== undefined)
      selects.unshift({ own, passed, where: where === undefined ? [] : [where], groupBy, apart })
    want = new Set([...passed, ...own.flatMap(({ sql }) => words(sql)), ...words(where ?? '')])
  }
  return merged(selects).reduce((from, select, i) => render(select, i === 0 ? from : `(${from})`), table)
}

/** `having`: conditions of the levels that were merged into a grouping one. */
interface Rendered extends Select {
  readonly having: readonly string[]
}

function merged(selects: readonly Select[]): Rendered[] {
  const done: Rendered[] = []
  for (const select of selects) {
    const last = done.at(-1)
    if (last === undefined || select.groupBy !== undefined || select.apart) done.push({ ...select, having: [] })
    else
      done[done.length - 1] = {
        ...last,
        own: [...last.own, ...select.own],
        ...(last.groupBy === undefined
          ? { where: [...last.where, ...select.where] }
          : { having: [...last.having, ...select.where] }),
      }
  }
  return done
}

function render({ own, passed, where, having, groupBy }: Rendered, from: string): string {
  const clause = (word: string, conditions: readonly string[]): string =>
    conditions.length === 0 ? '' : ` ${word} ${conditions.join(' AND ')}`
  return `SELECT ${[...passed, ...own.map(({ sql }) => sql)].join(', ')}\nFROM ${from}${clause('WHERE', where)}${groupBy === undefined ? '' : ` GROUP BY ${groupBy.map(nameOf).join(', ')}`}${clause('HAVING', having)}`
}
