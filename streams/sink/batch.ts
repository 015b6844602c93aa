import { Rows } from './rows.ts'

/** A record that cannot be inserted, detected from its bytes alone. */
export interface Refusal {
  readonly offset: number
  readonly code:
    'null_value' | 'value_too_short' | 'magic_byte' | 'schema_unknown' | 'schema_of_other_topic' | 'too_large'
  /** Schema id in the wire header, if there is one. */
  readonly schemaId?: number
}

/** The valid records of a range of offsets, grouped by schema id in order of first appearance. */
export interface Batch {
  readonly start: number
  readonly end: number
  readonly parts: ReadonlyMap<number, Rows>
  readonly refusals: readonly Refusal[]
  /** Null values of a compacted topic: deletions, which are skipped. */
  readonly tombstones: number
  /** Schema ids that were unknown when the batch was formed. */
  readonly unknown: readonly number[]
  readonly rows: number
  readonly bytes: number
}

export interface BatchLimits {
  readonly rows: number
  readonly bytes: number
}

/** Result for a schema id: usable for this topic, not usable and why, or undefined while not looked up yet. */
export type SchemaVerdict = 'usable' | 'schema_unknown' | 'schema_of_other_topic' | undefined

const HEADER_BYTES = 5
/** A larger datum would not fit an insert. */
const MAX_DATUM_BYTES = 4 * 1_048_576
/** Unknown schema ids are listed in the intent, and commit metadata holds at most 4,096 bytes. */
const MAX_UNKNOWN = 64

/**
 * Collects records into a batch. The result for a range is a pure function of the records' bytes and of the catalogue,
 * so a replay of the same range gives the same batch.
 */
export class BatchBuilder {
  readonly #limits: BatchLimits
  readonly #verdict: (schemaId: number) => SchemaVerdict
  readonly #compacted: boolean
  readonly #pool: Rows[]
  #start = -1
  #next = -1
  #parts = new Map<number, Rows>()
  #refusals: Refusal[] = []
  #unknown = new Set<number>()
  #tombstones = 0
  #rows = 0
  #bytes = 0
  #pending: number | undefined
  #until = Number.MAX_SAFE_INTEGER

  constructor(limits: BatchLimits, verdict: (schemaId: number) => SchemaVerdict, compacted: boolean, pool: Rows[]) {
    this.#limits = limits
    this.#verdict = verdict
    this.#compacted = compacted
    this.#pool = pool
  }

  /** Starts an empty batch at `start`. With `until`, it takes everything up to that offset and ignores the limits. */
  begin(start: number, until = Number.MAX_SAFE_INTEGER, unknown: readonly number[] = []): void {
    this.#start = start
    this.#next = start
    this.#until = until
    this.#parts = new Map()
    this.#refusals = []
    this.#unknown = new Set(unknown)
    this.#tombstones = this.#rows = this.#bytes = 0
    this.#pending = undefined
  }

  get rows(): number {
    return this.#rows
  }

  get isEmpty(): boolean {
    return this.#rows === 0 && this.#refusals.length === 0 && this.#tombstones === 0
  }

  get isFull(): boolean {
    return this.#until === Number.MAX_SAFE_INTEGER
      ? this.#rows + this.#refusals.length >= this.#limits.rows ||
          this.#bytes >= this.#limits.bytes ||
          this.#unknown.size >= MAX_UNKNOWN
      : this.#next > this.#until
  }

  /** Next offset that belongs to the batch. */
  get next(): number {
    return this.#next
  }

  /** A schema id that must be looked up before the next record can be added. */
  get pendingSchema(): number | undefined {
    return this.#pending
  }

  /** `RecordSink` of platform/kafka/record-batch. */
  record(offset: number, bytes: Buffer, valueStart: number, valueEnd: number): boolean {
    if (offset > this.#until) this.#next = this.#until + 1 // the rest of the range is no longer in the log
    if (this.isFull) return false
    this.#pending = undefined
    if (valueStart < 0 && this.#compacted) this.#tombstones++
    else if (!this.#take(offset, bytes, valueStart, valueEnd)) return false
    this.#next = offset + 1
    return true
  }

  /** The log holds nothing before `offset`: compaction removed it, or it held transaction markers. */
  skipTo(offset: number): void {
    this.#next = Math.max(this.#next, Math.min(offset, this.#until + 1))
  }

  seal(): Batch {
    return {
      start: this.#start,
      end: this.#next - 1,
      parts: this.#parts,
      refusals: this.#refusals,
      tombstones: this.#tombstones,
      unknown: [...this.#unknown].toSorted((a, b) => a - b),
      rows: this.#rows,
      bytes: this.#bytes,
    }
  }

  #take(offset: number, bytes: Buffer, start: number, end: number): boolean {
    const fault = headerFault(bytes, start, end)
    if (fault !== undefined) return this.#refuse({ offset, code: fault }, end - start)
    const schemaId = bytes.readInt32BE(start + 1)
    // No registry has a negative id, and some registries fail when asked for one.
    if (schemaId < 0) return this.#refuse({ offset, code: 'schema_unknown', schemaId }, end - start)
    if (end - start > MAX_DATUM_BYTES) return this.#refuse({ offset, code: 'too_large', schemaId }, end - start)
    let rows = this.#parts.get(schemaId)
    if (rows === undefined) {
      const verdict = this.#unknown.has(schemaId) ? 'schema_unknown' : this.#verdict(schemaId)
      if (verdict === undefined) {
        this.#pending = schemaId
        return false
      }
      if (verdict === 'schema_unknown') this.#unknown.add(schemaId)
      if (verdict !== 'usable') return this.#refuse({ offset, code: verdict, schemaId }, end - start)
      rows = this.#pool.pop() ?? new Rows()
      this.#parts.set(schemaId, rows)
    }
    const before = rows.size
    rows.add(offset, bytes, start + HEADER_BYTES, end)
    this.#bytes += rows.size - before
    this.#rows++
    return true
  }

  /** The bytes count towards the limit because they are held a second time as dead letters. */
  #refuse(refusal: Refusal, bytes: number): true {
    this.#refusals.push(refusal)
    this.#bytes += bytes
    return true
  }
}

function headerFault(bytes: Buffer, start: number, end: number): Refusal['code'] | undefined {
  if (start < 0) return 'null_value'
  if (end - start < HEADER_BYTES) return 'value_too_short'
  return bytes[start] === 0 ? undefined : 'magic_byte'
}
