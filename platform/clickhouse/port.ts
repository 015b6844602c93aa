/**
 * What the modules need of ClickHouse. Adapters: embedded.ts (chdb, in process), server.ts (HTTP). One contract suite
 * runs on both.
 */

export type SqlValue = string | number | bigint | boolean | null | readonly SqlValue[]
export type SqlParams = Readonly<Record<string, SqlValue>>

/** A statement with ClickHouse's own `{name:Type}` placeholders. Settings stand in the text, never beside it. */
export interface Query {
  readonly sql: string
  readonly params?: SqlParams
}

/** An insert of one block of Avro: `sql` holds `{source}` where the adapter puts `file(...)` or `input(...)`. */
export interface AvroInsert {
  /**
   * For example: INSERT INTO t (a, b) SETTINGS ... SELECT a, b FROM {source} WHERE ... Everything that decides about
   * duplicates, leases and blocks stands in this text.
   */
  readonly sql: string
  /** ClickHouse structure of the Avro columns, `name Type, ...`: read as it is, never inferred. */
  readonly structure: string
  /** One Avro object container file, uncompressed, in pieces. */
  readonly body: readonly Uint8Array[]
  /** Names the statement: a fate that is unknown is asked for by it. */
  readonly queryId: string
}

export interface Store {
  /** Runs a statement that answers nothing. */
  exec(query: Query | string): Promise<void>
  /** Rows as objects. 64-bit integers arrive as strings unless the statement casts them; keep answers small. */
  rows<T>(query: Query | string): Promise<T[]>
  /** The engine's own bytes in `format` (JSONEachRow, CSV, Parquet ...), for answers that pass through. */
  bytes(query: Query | string, format: string): Promise<Uint8Array>
  /** Resolves once the block is in the table and in every view's target. Errors are `StoreError`. */
  insertAvro(insert: AvroInsert): Promise<void>
  close(): Promise<void>
}

/**
 * An error of the engine, with ClickHouse's own numeric code, 0 when the fate of the statement is unknown (connection
 * lost, timeout).
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
