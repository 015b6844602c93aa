import { StoreError } from '../../platform/clickhouse/port.ts'

/**
 * How the sink handles an error of the engine.
 *
 * - `poison`: the error was raised before the write and by the bytes: a datum that is not Avro (748 AVRO_EXCEPTION, or
 *   1001 when the library's own exception gets through) or the frame guard. Only these are bisected: bisecting an error
 *   of a view landed 200 rows for 100.
 * - `lease`: nothing was written; this process no longer owns the partition.
 * - `retry`: everything else. The identical statement is retried without limit; the token makes that safe.
 */
export type Fate = 'poison' | 'lease' | 'retry'

const AVRO_EXCEPTION = 748
const STD_EXCEPTION = 1001
const THROW_IF = 395

export function fateOf(error: unknown): Fate {
  if (!(error instanceof StoreError)) return 'retry'
  const { engineCode, message } = error
  if (engineCode === THROW_IF)
    return /\bDB::Exception: lease\b/.test(message)
      ? 'lease'
      : /\bDB::Exception: frame\b/.test(message)
        ? 'poison'
        : 'retry'
  if (engineCode === AVRO_EXCEPTION) return 'poison'
  return engineCode === STD_EXCEPTION && message.includes('avro') ? 'poison' : 'retry'
}
