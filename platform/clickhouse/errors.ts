import { errorTable } from '../errors.ts'
import { StoreError } from './port.ts'

export const fail = errorTable({
  STORE_LOCKED: {
    status: 503,
    message: 'process {pid} has the store at {path} open',
    next: 'stop the other playloop of this data folder, or give this one its own with --data; one process owns one embedded store',
  },
  STORE_OPEN_FAILED: {
    status: 503,
    message: 'the store at {place} could not be opened: {reason}',
    next: 'embedded: the folder must be writable and the npm package chdb installed; server: check CLICKHOUSE_URL, user and password',
  },
  STORE_CLOSED: {
    status: 503,
    message: 'the store was closed',
    next: 'nothing to mend: the process is shutting down, and what was not acknowledged is taken again at the next start',
  },
  STORE_WRITE_FAILED: {
    status: 503,
    message: 'the engine could not write a file; what was left unfinished is being removed',
    next: 'nothing, if the disk has room: the statement is tried again, and the tables take it once they are mended; otherwise make room (docs/runbook.md, "The disk is full"), or look at the disk: the kernel log says more',
  },
  STORE_PART_BROKEN: {
    status: 500,
    message: 'the merged part {part} of table {table} is not whole: a write failed under it',
    next: 'start again (playloop start does): the engine puts the parts in its place that it was merged from; if the audit is red then, run playloop rebuild',
  },
  STORE_PARAM: {
    status: 500,
    message: 'parameter {name} of a statement {reason}',
    next: 'this is a bug: give the query a value for each of its placeholders',
  },
  MIGRATION_CHANGED: {
    status: 500,
    message: 'migration {id} was applied with another text than it has now',
    next: 'put the old text back and add a new migration, with a new _vN name for every view and target it changes',
  },
  MIGRATION_FAILED: {
    status: 500,
    message: 'migration {id}, statement {statement} failed: {reason}',
    next: 'mend what the cause says and start again: statements that were applied are safe to repeat',
  },
})

/** Converts any engine error to a `StoreError` with ClickHouse's numeric code from the message, 0 if there is none. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StoreError(message, engineCodeOf(message), error)
}

/**
 * In `Code: 60. DB::Exception: ...` and `std::exception. Code: 1001, type: avro::Exception ...`, the first code is that
 * of the statement itself.
 */
export function engineCodeOf(message: string): number {
  return Number(/\bCode: (\d+)/.exec(message)?.[1] ?? 0)
}
