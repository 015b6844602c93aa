import type { Clock } from '../../platform/clock.ts'
import { errorCode } from '../../platform/errors.ts'
import type { Fetched, FetchLimits, PartitionReader } from '../../platform/kafka/fetch.ts'
import type { Committed, TopicPartition } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'
import { readRecordBatches } from '../../platform/kafka/record-batch.ts'
import { retry } from '../../platform/retry.ts'
import { type Batch, BatchBuilder, type BatchLimits, type SchemaVerdict } from './batch.ts'
import { fail } from './errors.ts'
import { decodeIntent, encodeIntent } from './intent.ts'
import type { Rows } from './rows.ts'

/** What a worker needs of the generation that owns its partition. */
export interface Ownership {
  committed(): Promise<Committed>
  /** Rejected once a newer generation exists. */
  commit(next: Committed): Promise<void>
  /** Aborted when the partition must be released: the current batch is finished, no new one starts. */
  readonly signal: AbortSignal
}

export interface WorkerOptions {
  readonly at: TopicPartition
  readonly reader: PartitionReader
  readonly ownership: Ownership
  readonly clock: Clock
  readonly limits: BatchLimits
  readonly maxAgeMs: number
  /** Maximum age of a batch with more than a few rows. */
  readonly busyAgeMs: number
  readonly compacted: boolean
  readonly verdict: (schemaId: number) => SchemaVerdict
  /** Looks up a schema id; resolves when the result is known. */
  readonly learn: (schemaId: number) => Promise<void>
  /** Takes one insert from the budget of all partitions; false = not now. */
  readonly mayInsert: () => boolean
  /** Lands the batch, including dead letters; resolves when all of it is acknowledged. */
  readonly land: (batch: Batch) => Promise<void>
  /**
   * Offsets, inclusive, that were deleted from the log before they were landed; resolves when they are in the ledger.
   */
  readonly onGap: (first: number, last: number) => Promise<void>
  /** Called before the first fetch: everything below `offset` has been landed. */
  readonly onBegun: (offset: number) => void
  /** Called after each fetch, with the end of the log. */
  readonly onFetched: (next: number, end: number) => void
  /** Called after each commit: everything below `offset` is a row or a dead letter. */
  readonly onCommitted: (offset: number, batch: Batch) => void
  /** Called for each failure that is retried. */
  readonly onTrouble: (what: 'fetch' | 'commit', error: unknown) => void
}

const IDLE_WAIT_MS = 1_000
const FETCH_BYTES = 1_048_576
/** While a batch is open it is worth waiting for larger answers: fewer fetches at the same batch age. */
const FILL_BYTES = 131_072
/** Up to this many rows, a batch is small and somebody may be waiting for it. */
const FEW_ROWS = 16
const KEEP_BYTES = 4 * 1_048_576

/**
 * Moves one partition from the log into tables, exactly once:
 *
 * 1. collect a batch `[start, end]`;
 * 2. commit `start` with the intent `[start, end]`: the write-ahead, fenced by the generation. The same commit
 *    acknowledges the previous batch;
 * 3. land the batch and its dead letters, until acknowledged;
 * 4. commit `end + 1`, unless the next intent follows immediately and implies it.
 *
 * A crash after step 2 replays exactly `[start, end]`; the tables still have its tokens. While one batch lands the next
 * is collected: at most two are in memory.
 */
export class PartitionWorker {
  readonly #o: WorkerOptions
  readonly #pool: Rows[] = []
  #chunk: Buffer = EMPTY
  #end = -1
  #sealedWaiting = false
  #failed = false
  /** An offset that is landed but not committed: the next intent commits it, or a commit of its own if none follows. */
  #owed: number | undefined

  constructor(options: WorkerOptions) {
    this.#o = options
  }

  /** Runs until the ownership ends; rejects on an error that cannot be retried. */
  async run(): Promise<void> {
    const committed = await this.#o.ownership.committed()
    let position = committed.offset >= 0 ? committed.offset : await this.#logStart()
    const read = decodeIntent(committed.metadata)
    if (read.kind === 'foreign') throw fail('SINK_INTENT_FOREIGN', { ...this.#o.at, metadata: read.metadata })
    if (read.kind === 'intent') position = await this.#replay(read.intent)
    await this.#flow(position)
  }

  async #flow(from: number): Promise<void> {
    this.#o.onBegun(from)
    let position = from
    let landing: Promise<void> = Promise.resolve()
    let busy = false
    try {
      while (!this.#stopping) {
        const batch = await this.#collect(position, () => busy)
        if (batch === undefined && !this.#failed) continue
        this.#sealedWaiting = batch !== undefined
        await landing
        this.#sealedWaiting = false
        if (this.#stopping || batch === undefined) break
        position = batch.end + 1
        busy = true
        landing = this.#landAndCommit(batch).finally(() => {
          busy = false
        })
        landing.catch(() => {
          this.#failed = true
        }) // awaited in the next loop turn, which starts immediately
      }
    } finally {
      await landing
      if (this.#owed !== undefined) await this.#commit({ offset: this.#owed, metadata: '' })
    }
  }

  async #landAndCommit(batch: Batch): Promise<void> {
    const { start, end, unknown } = batch
    await this.#commit({ offset: start, metadata: encodeIntent({ start, end, unknown }) })
    this.#owed = undefined
    await this.#o.land(batch)
    this.#recycle(batch)
    if (this.#sealedWaiting && !this.#stopping) this.#owed = end + 1
    else await this.#commit({ offset: end + 1, metadata: '' })
    this.#o.onCommitted(end + 1, batch)
  }

  async #replay(intent: { start: number; end: number; unknown: readonly number[] }): Promise<number> {
    const builder = this.#builder()
    builder.begin(intent.start, intent.end, intent.unknown)
    while (!builder.isFull) {
      if (this.#stopping) return intent.start
      await this.#feed(builder, { maxWaitMs: IDLE_WAIT_MS, minBytes: 1, maxBytes: FETCH_BYTES })
    }
    await this.#landAndCommit(builder.seal())
    this.#chunk = EMPTY
    return intent.end + 1
  }

  /** The next batch, or undefined if there is nothing to land. */
  async #collect(start: number, landing: () => boolean): Promise<Batch | undefined> {
    const { clock, mayInsert } = this.#o
    const builder = this.#builder()
    builder.begin(start)
    let opened = 0
    const age = (): number => (builder.isEmpty ? 0 : clock.now() - opened)
    const most = (): number => (builder.rows > FEW_ROWS ? this.#o.busyAgeMs : this.#o.maxAgeMs)
    while (!this.#stopping && !this.#failed && !builder.isFull) {
      // Age alone closes a batch only if nothing is landing and the budget allows it: inserts are the bottleneck on 2
      // cores.
      if (age() >= most() && !landing() && mayInsert()) break
      const wait = builder.isEmpty ? IDLE_WAIT_MS : Math.max(10, Math.min(100, most() - age()))
      const wasEmpty = builder.isEmpty
      await this.#feed(builder, { maxWaitMs: wait, minBytes: wasEmpty ? 1 : FILL_BYTES, maxBytes: FETCH_BYTES })
      if (wasEmpty && !builder.isEmpty) opened = clock.now()
    }
    return builder.isEmpty ? undefined : builder.seal()
  }

  /** Reads the rest of the current chunk; fetches when it is used up. */
  async #feed(builder: BatchBuilder, limits: FetchLimits): Promise<void> {
    if (this.#chunk.length === 0) {
      const fetched = await this.#fetch(builder.next, limits)
      if (fetched === undefined) return
      this.#chunk = fetched.records
      this.#end = fetched.end
    }
    const before = builder.next
    const { nextOffset, complete } = readRecordBatches(this.#chunk, builder.next, builder)
    if (complete) {
      builder.skipTo(nextOffset)
      this.#chunk = EMPTY
      if (builder.next === before && before < this.#end && nextOffset === before) await this.#larger(builder)
    } else if (builder.pendingSchema !== undefined) await this.#o.learn(builder.pendingSchema)
    this.#o.onFetched(builder.next, this.#end)
  }

  /**
   * Fetches again with a larger limit after an empty answer: a record batch may exceed the fetch size, and the broker
   * sends it whole if it is the first one.
   */
  async #larger(builder: BatchBuilder): Promise<void> {
    const fetched = await this.#fetch(builder.next, {
      maxWaitMs: IDLE_WAIT_MS,
      minBytes: 1,
      maxBytes: 64 * FETCH_BYTES,
    })
    if (fetched !== undefined) this.#chunk = fetched.records
  }

  /** Retries until the broker answers or the ownership ends (undefined). */
  #fetch(offset: number, limits: FetchLimits): Promise<Fetched | undefined> {
    const attempt = (): Promise<Fetched | undefined> =>
      this.#stopping ? Promise.resolve(undefined) : this.#o.reader.fetch(offset, limits)
    return this.#untilAnswered('fetch', attempt, (error) => errorCode(error) !== 'KAFKA_OFFSET_OUT_OF_RANGE')
  }

  /** A commit can be repeated safely; only a newer generation may refuse it. */
  #commit(next: Committed): Promise<void> {
    const attempt = (): Promise<void> => this.#o.ownership.commit(next)
    return this.#untilAnswered('commit', attempt, (error) => !isFenced(error) && !this.#stopping)
  }

  #untilAnswered<T>(
    what: 'fetch' | 'commit',
    attempt: () => Promise<T>,
    retryable: (error: unknown) => boolean,
  ): Promise<T> {
    const onRetry = (error: unknown): void => this.#o.onTrouble(what, error)
    return retry(attempt, { backoff: BACKOFF, retryable }, { clock: this.#o.clock, onRetry })
  }

  /**
   * A first start begins at the start of the log. Records that the log has already deleted are a gap, recorded before
   * anything is committed.
   */
  async #logStart(): Promise<number> {
    const { start } = await this.#o.reader.range()
    if (start > 0) await this.#o.onGap(0, start - 1)
    return start
  }

  #builder(): BatchBuilder {
    return new BatchBuilder(this.#o.limits, this.#o.verdict, this.#o.compacted, this.#pool)
  }

  #recycle(batch: Batch): void {
    for (const rows of batch.parts.values()) {
      rows.clear(KEEP_BYTES)
      if (this.#pool.length < 2) this.#pool.push(rows)
    }
  }

  get #stopping(): boolean {
    return this.#o.ownership.signal.aborted
  }
}

const EMPTY = Buffer.alloc(0)
const BACKOFF = { firstMs: 50, maxMs: 2_000 }
