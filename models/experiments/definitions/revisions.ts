import type { Query, Store } from '../../../platform/clickhouse/port.ts'
import type { Revision } from '../../../schemas/experiments/flag.ts'
import { DEFINITIONS, REVISIONS } from '../../../schemas/experiments/tables.ts'

/** Append-only revisions of one kind of definition. */
export interface Revisions<T extends Revision> {
  /** The latest revision of each. */
  all(): Promise<T[]>
  /** Those that SDKs are told of: neither drafts nor archived ones, of which there may be any number. */
  served(): Promise<T[]>
  /** The latest revision; undefined if the id is unknown. */
  one(id: string): Promise<T | undefined>
  /** The audit trail, oldest first. */
  revisions(id: string): Promise<T[]>
  /** Returns false if another revision with that number was written first. */
  write(definition: T): Promise<boolean>
}

/** A kind's revisions in the shared table; experiments have a table of their own, which outcomes are counted by. */
type Kind = 'experiment' | 'flag' | 'group'

export function openRevisions<T extends Revision>(store: Store, kind: Kind): Revisions<T> {
  const [table, own] = kind === 'experiment' ? [REVISIONS, {}] : [DEFINITIONS, { kind }]
  const where = kind === 'experiment' ? 'true' : `r.kind = '${kind}'`
  // Without a limit: a cut answer would take features from their viewers in silence.
  const latest = (having: string): Query => ({
    sql: `SELECT argMax(r.body, r.revision) AS body FROM ${table} AS r WHERE ${where} GROUP BY r.id HAVING ${having} ORDER BY r.id`,
  })
  const ofOne = (id: string): Query => ({
    sql: `SELECT r.body AS body FROM ${table} AS r WHERE ${where} AND r.id = {id:String} ORDER BY r.revision`,
    params: { id },
  })
  const read = (query: Query): Promise<T[]> => readBodies<T>(store, query)
  return {
    all: () => read(latest('true')),
    served: () => read(latest(`JSONExtractString(body, 'state') NOT IN ('draft', 'archived')`)),
    one: async (id) => (await read(ofOne(id))).at(-1),
    revisions: (id) => read(ofOne(id)),
    write: (definition) =>
      claim(store, {
        table,
        key: { ...own, id: definition.id, revision: definition.revision },
        body: JSON.stringify(definition),
      }),
  }
}

export const readBodies = async <T>(store: Store, query: Query): Promise<T[]> =>
  (await store.rows<{ body: string }>(query)).map(({ body }) => JSON.parse(body) as T)

/** A row of a table, and the columns that name it. */
interface Named {
  readonly table: string
  readonly key: Readonly<Record<string, string | number>>
  readonly body: string
}

/**
 * Inserts one row with a name that can be used once: of two concurrent writers, the engine drops the second one's
 * block, and both read back which one was first.
 */
export async function claim(store: Store, { table, key, body }: Named): Promise<boolean> {
  const columns = Object.keys(key)
  const param = (name: string): string => `{${name}:${typeof key[name] === 'number' ? 'UInt32' : 'String'}}`
  const existing: Query = {
    sql: `SELECT body FROM ${table} WHERE ${columns.map((name) => `${name} = ${param(name)}`).join(' AND ')}`,
    params: key,
  }
  if ((await store.rows(existing)).length > 0) return false
  const token = Buffer.from([table, ...Object.values(key)].join('/')).toString('hex')
  await store.exec({
    sql: `INSERT INTO ${table} (${[...columns, 'body'].join(', ')}) SETTINGS async_insert = 0, insert_deduplicate = 1, insert_deduplication_token = '${token}'
      SELECT ${columns.map(param).join(', ')}, {body:String}`,
    params: { ...key, body },
  })
  const [winner] = await store.rows<{ body: string }>(existing)
  return winner?.body === body
}
