import type { Store } from '../../platform/clickhouse/index.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'

/**
 * A table beside the landing table, of the same form and without views. Rows are gathered in it and then join the
 * landing table whole, one table partition at a time: no view fires, so nothing that stands already is counted again.
 */
export interface Staging {
  readonly table: string
  /** Moves all rows into the landing table. */
  join(): Promise<void>
  drop(): Promise<void>
}

export async function openStaging(store: Store, topic: TopicName): Promise<Staging> {
  const landing = landingTable(topic)
  const table = `rebuild_${landing}`
  const drop = (): Promise<void> => store.exec(`DROP TABLE IF EXISTS ${table} SYNC`)
  // What a rebuild that was killed had gathered is gathered again.
  await drop()
  await store.exec(`CREATE TABLE ${table} AS ${landing}`)
  return {
    table,
    drop,
    async join() {
      const parts = await store.rows<{ id: string }>({
        sql: 'SELECT DISTINCT partition_id AS id FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND active ORDER BY id',
        params: { table },
      })
      for (const { id } of parts) await store.exec(`ALTER TABLE ${landing} ATTACH PARTITION ID '${id}' FROM ${table}`)
    },
  }
}
