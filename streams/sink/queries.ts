import type { Query, Store } from '../../platform/clickhouse/port.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'

/** Keeps letters about letters in a table of their own; the token is the place, so a repeat changes nothing. */
export async function buryLocally(store: Store, letters: readonly DeadLetter[]): Promise<void> {
  for (const letter of letters) await store.exec(localLetter(letter))
}

export function localLetter(letter: DeadLetter): Query {
  return {
    sql: `INSERT INTO dead_letters_local_v1 (partition, offset, error_code, error_message, raw, noticed_time)
SETTINGS async_insert = 0, insert_deduplication_token = 'local-${letter.source_partition}-${letter.source_offset}'
SELECT {partition:Int32}, {offset:Int64}, {code:String}, {message:String}, unhex({raw:String}), fromUnixTimestamp64Milli({time:Int64})`,
    params: {
      partition: letter.source_partition, offset: letter.source_offset, code: letter.error_code, message: letter.error_message,
      raw: Buffer.from(letter.raw).toString('hex'), time: letter.event_time,
    },
  }
}
