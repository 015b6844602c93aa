/**
 * Caches the state of keys for a domain whose value is the least event of a key, by a hash of the key. Most exposures
 * are of units that were exposed before, and looking up a few thousand keys means reading nearly the whole of a table
 * that is ordered by key.
 *
 * Losing the cache costs one read of the state. A slot takes 24 bytes, with at least five slots for four keys. If two
 * keys have the same hash, the second is lost: among ten million keys the probability is 3 in a million.
 */

/** Rows in the store's format, four words of 64 bits: hash, time as a float, two Int32 (group and mark), flag. */
const WORDS = 8

/** What a batch of landed rows means for the state; keys are given by their hashes as decimal numbers. */
export interface Judged {
  /** New keys, whose only rows are in the batch. Empty if all keys of the batch are fresh. */
  readonly fresh: readonly string[]
  /** Keys whose state may change: all their rows have to be read. */
  readonly changed: readonly string[]
  /** True if every key of the batch is fresh. */
  readonly allFresh: boolean
}

const FIRST_SIZE = 1_024
const FULL = 0.8
const GROWTH = 1.5
/** Marks an empty slot. */
const EMPTY = NaN
/** No time is later than this, so the store is always asked about such a key. */
const UNSURE = Infinity
/** Stands for several marks in the group of the least event: another one gives no new information. */
const SEVERAL = -(2 ** 31)

export class Known {
  /** Place of the cursor up to which every row is known (cursor.ts). */
  cursor: number
  private keys = new Uint32Array(2 * FIRST_SIZE)
  private at = new Float64Array(FIRST_SIZE).fill(EMPTY)
  private groups = new Int32Array(FIRST_SIZE)
  private marks = new Int32Array(FIRST_SIZE)
  private count = 0

  constructor(cursor: number) {
    this.cursor = cursor
  }

  get size(): number {
    return this.count
  }

  get bytes(): number {
    return this.keys.byteLength + this.at.byteLength + this.groups.byteLength + this.marks.byteLength
  }

  /**
   * Replaces what is cached of some keys with their state from the store. A flag says that the group of the least event
   * has several marks.
   */
  learn(body: Uint8Array): void {
    const rows = new Rows(body)
    this.reserve(rows.length)
    for (let row = 0; row < rows.length; row++)
      this.keep(this.placeOf(rows, row), rows, row, rows.flag(row) ? SEVERAL : rows.mark(row))
  }

  /** Decides what landed rows mean for the state. Rows with a flag are never decided from the cache. */
  judge(body: Uint8Array): Judged {
    const rows = new Rows(body)
    this.reserve(rows.length)
    const [fresh, changed, same] = [new Set<number>(), new Set<number>(), new Set<number>()]
    for (let row = 0; row < rows.length; row++) {
      const place = this.placeOf(rows, row)
      if (Number.isNaN(this.at[place]!)) fresh.add(this.keep(place, rows, row, rows.mark(row)))
      else if (!this.saysNothingNew(place, rows, row)) {
        this.at[place] = UNSURE
        // All rows of a fresh key are in this batch, so the store finds the least among them.
        if (!fresh.has(place)) changed.add(place)
      } else same.add(place)
      if (rows.flag(row) && fresh.delete(place)) changed.add(place)
    }
    const hashes = (places: ReadonlySet<number>): string[] =>
      [...places].map((place) => String((BigInt(this.keys[2 * place + 1]!) << 32n) | BigInt(this.keys[2 * place]!)))
    const allFresh = changed.size === 0 && same.isSubsetOf(fresh)
    return { fresh: allFresh ? [] : hashes(fresh), changed: hashes(changed), allFresh }
  }

  private keep(place: number, rows: Rows, row: number, mark: number): number {
    if (Number.isNaN(this.at[place]!)) this.count++
    this.keys[2 * place] = rows.low(row)
    this.keys[2 * place + 1] = rows.high(row)
    this.at[place] = rows.at(row)
    this.groups[place] = rows.group(row)
    this.marks[place] = mark
    return place
  }

  /** True for a row later than the least event that is in another group or has a mark that is known. */
  private saysNothingNew(place: number, rows: Rows, row: number): boolean {
    const mark = this.marks[place]
    return (
      !rows.flag(row) &&
      rows.at(row) > this.at[place]! &&
      (rows.group(row) !== this.groups[place] || mark === rows.mark(row) || mark === SEVERAL)
    )
  }

  /** The slot of a key, or the empty slot that it would get. */
  private placeOf(rows: Rows, row: number): number {
    return this.find(rows.high(row), rows.low(row))
  }

  private find(high: number, low: number): number {
    const size = this.at.length
    let place = Math.floor((high / 2 ** 32) * size)
    while (!Number.isNaN(this.at[place]!) && (this.keys[2 * place] !== low || this.keys[2 * place + 1] !== high))
      place = place + 1 === size ? 0 : place + 1
    return place
  }

  /** Makes space for this many more keys, because slots must not move while a batch is judged. */
  private reserve(more: number): void {
    if (this.count + more <= FULL * this.at.length) return
    const { keys, at, groups, marks } = this
    const size = Math.ceil(Math.max((this.count + more) / FULL, GROWTH * at.length))
    this.keys = new Uint32Array(2 * size)
    this.at = new Float64Array(size).fill(EMPTY)
    this.groups = new Int32Array(size)
    this.marks = new Int32Array(size)
    for (let from = 0; from < at.length; from++) {
      if (Number.isNaN(at[from]!)) continue
      const place = this.find(keys[2 * from + 1]!, keys[2 * from]!)
      this.keys.set(keys.subarray(2 * from, 2 * from + 2), 2 * place)
      this.at[place] = at[from]!
      this.groups[place] = groups[from]!
      this.marks[place] = marks[from]!
    }
  }
}

/** Reads fields of rows without allocating an object for each. */
class Rows {
  readonly length: number
  private readonly words: Uint32Array
  private readonly signed: Int32Array
  private readonly times: Float64Array

  constructor(body: Uint8Array) {
    const own = body.byteOffset % 8 === 0 ? body : body.slice()
    this.words = new Uint32Array(own.buffer, own.byteOffset, own.byteLength / 4)
    this.signed = new Int32Array(own.buffer, own.byteOffset, own.byteLength / 4)
    this.times = new Float64Array(own.buffer, own.byteOffset, own.byteLength / 8)
    this.length = this.words.length / WORDS
  }

  low(row: number): number {
    return this.words[WORDS * row]!
  }

  high(row: number): number {
    return this.words[WORDS * row + 1]!
  }

  at(row: number): number {
    return this.times[(WORDS / 2) * row + 1]!
  }

  group(row: number): number {
    return this.signed[WORDS * row + 4]!
  }

  mark(row: number): number {
    return this.signed[WORDS * row + 5]!
  }

  flag(row: number): boolean {
    return this.words[WORDS * row + 6] !== 0
  }
}
