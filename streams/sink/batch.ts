import { Rows } from './rows.ts'

/** A record that cannot be landed, known from its bytes alone. */
export interface Refusal {
  readonly offset: number
  readonly code:
    'null_value' | 'value_too_short' | 'magic_byte' | 'schema_unknown' | 'schema_of_other_topic' | 'too_large'
  /** Schema id of the wire header, when there was one. */
  readonly schemaId?: number
}

/** The surviving records of a run of offsets, grouped by schema id, in the order the ids first appear. */
export interface Batch {
  readonly start: number
  readonly end: number
  readonly parts: ReadonlyMap<number, Rows>
  readonly refusals: readonly Refusal[]
  /** Null values of a compacted topic: deletions, stepped over. */
  readonly tombstones: number
  /** Schema ids that nobody knew. */
  readonly unknown: readonly number[]
  readonly rows: number
  readonly bytes: number
}

export interface BatchLimits {
  readonly rows: number
  readonly bytes: number
}

/** What is known of a schema id: usable for this topic, not usable and why, or not asked yet. */
export type SchemaVerdict = 'usable' | 'schema_unknown' | 'schema_of_other_topic' | undefined

const HEADER_BYTES = 5
/** A datum past this would not fit an insert. */
const MAX_DATUM_BYTES = 4 * 1_048_576
/** Unknown schema ids are listed in the intent, and commit metadata holds at most 4,096 bytes. */
const MAX_UNKNOWN = 64

/**
 * Collects records into a batch. What it makes of a range is a pure function of the records' bytes and of the
 * catalogue, so a replay of the same range gives the same batch.
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

  /** Begins an empty batch at `start`. With `until` it takes everything up to that offset, whatever the limits. */
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

  /** Gathered so far. */
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

  /** Next offset that belongs into the batch. */
  get next(): number {
    return this.#next
  }

  /** A schema id that must be looked up before the next record can be taken. */
  get pendingSchema(): number | undefined {
    return this.#pending
  }

  /** `RecordSink` of platform/kafka/record-batch. */
  record(offset: number, bytes: Buffer, valueStart: number, valueEnd: number): boolean {
    if (offset > this.#until) this.#next = this.#until + 1 // the rest of the range left the log since: the batch ends without it
    if (this.isFull) return false
    this.#pending = undefined
    if (valueStart < 0 && this.#compacted) this.#tombstones++
    else if (!this.#take(offset, bytes, valueStart, valueEnd)) return false
    this.#next = offset + 1
    return true
  }

  /** The log holds nothing more before `offset`: compaction or transaction markers took it. */
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
    if (schemaId < 0) return this.#refuse({ offset, code: 'schema_unknown', schemaId }, end - start) // no registry has such ids, and some fail when asked
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

  /** Its bytes count: they are held once more as dead letters. */
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
