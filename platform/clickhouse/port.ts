/**
 * The store interface that modules use for ClickHouse. Adapters: embedded.ts (chdb, in process), server.ts (HTTP). One
 * contract suite runs on both.
 */

import type { PlayloopError } from '../errors.ts'

export type SqlValue = string | number | bigint | boolean | null | readonly SqlValue[]
export type SqlParams = Readonly<Record<string, SqlValue>>

/**
 * A statement with ClickHouse's own `{name:Type}` placeholders. Settings are part of the text, never passed separately.
 */
export interface Query {
  readonly sql: string
  readonly params?: SqlParams
}

/** An insert of one block of Avro: the adapter replaces `{source}` in `sql` by `file(...)` or `input(...)`. */
export interface AvroInsert {
  /**
   * For example: INSERT INTO t (a, b) SETTINGS ... SELECT a, b FROM {source} WHERE ... Everything that determines
   * deduplication, leases and blocks is part of this text.
   */
  readonly sql: string
  /** ClickHouse structure of the Avro columns, `name Type, ...`: used as given, never inferred. */
  readonly structure: string
  /** One Avro object container file, uncompressed, in pieces. */
  readonly body: readonly Uint8Array[]
  /** Id of the statement, by which its outcome is looked up if the answer is lost. */
  readonly queryId: string
}

export interface Store {
  /** Runs a statement that returns no rows. */
  exec(query: Query | string): Promise<void>
  /** Returns rows as objects. 64-bit integers arrive as strings unless the statement casts them; keep answers small. */
  rows<T>(query: Query | string): Promise<T[]>
  /**
   * Returns the engine's own bytes in `format` (JSONEachRow, CSV, Parquet ...), for answers that are passed through.
   */
  bytes(query: Query | string, format: string): Promise<Uint8Array>
  /** Resolves once the block is in the table and in every view's target. Errors are `StoreError`. */
  insertAvro(insert: AvroInsert): Promise<void>
  /** Why statements that write are refused now (DISK_LOW); undefined = they are taken. A server decides for itself. */
  refusal?(): PlayloopError | undefined
  /** Rejects once only a restart of the process can mend the store. */
  readonly beyondRepair?: Promise<never>
  close(): Promise<void>
}

/**
 * An engine error with ClickHouse's own numeric code; 0 if the outcome of the statement is unknown (connection lost,
 * timeout).
 */
export class StoreError extends Error {
  readonly code = 'STORE_FAILED'
  readonly engineCode: number

  constructor(message: string, engineCode: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StoreError'
    this.engineCode = engineCode
  }
}
