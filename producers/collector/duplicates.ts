/**
 * Cache of recent event ids, so that a client's resend is answered without being stored again.
 *
 * It only saves work, and correctness never depends on it: an event whose id was evicted is stored twice in the raw
 * table and counted once in every aggregate. An id counts as known only once the log has acknowledged it; while the
 * first copy is in flight, a second one waits for it.
 *
 * Set-associative, on typed arrays: 8 places per bucket, the oldest settled one is evicted. Memory is fixed from the
 * start (28.2 bytes per place), and no object is allocated per event.
 */
export class DuplicateCache {
  readonly #ids: Uint32Array
  /** The payload hash, as two halves. */
  readonly #hashes: Uint32Array
  /** 0 if acknowledged, or if the id is zero (a free place); otherwise the ticket of the request that is sending it. */
  readonly #owners: Uint32Array
  /** Next place to evict, by bucket. */
  readonly #turns: Uint8Array
  readonly #mask: number

  constructor(size: number) {
    const buckets = size === 0 ? 0 : 2 ** Math.ceil(Math.log2(Math.max(1, size / WAYS)))
    this.#mask = buckets - 1
    this.#ids = new Uint32Array(buckets * WAYS * 4)
    this.#hashes = new Uint32Array(buckets * WAYS * 2)
    this.#owners = new Uint32Array(buckets * WAYS)
    this.#turns = new Uint8Array(buckets)
  }

  /** Fixed size, bytes. */
  get bytes(): number {
    return this.#ids.byteLength + this.#hashes.byteLength + this.#owners.byteLength + this.#turns.byteLength
  }

  /** Ticket of the request that sends the first copy, if `meet` returned WAIT. */
  owner = 0

  /** Place of the id if `meet` returned FRESH, for `settle`; -1 if no place was free and the id is not cached. */
  place = -1

  /**
   * Looks up an id (16 bytes at `at`) of a topic with its payload hash. FRESH: claimed for `ticket` (> 0), to be
   * settled. SEEN: already stored, or earlier in the same request. WAIT: another request, `owner`, is sending it.
   * REUSED: the id belongs to another payload.
   */
  meet(bytes: Uint8Array, at: number, topic: number, low: number, high: number, ticket: number): Meeting {
    this.place = -1
    if (this.#mask < 0) return FRESH
    // The same id in another topic is another event.
    const a = (word(bytes, at) ^ Math.imul(topic + 1, 0x9e37_79b1)) >>> 0
    const b = word(bytes, at + 4)
    const c = word(bytes, at + 8)
    const d = word(bytes, at + 12)
    const bucket = mix(a, b, c, d) & this.#mask
    const ids = this.#ids
    for (let place = bucket * WAYS; place < (bucket + 1) * WAYS; place++) {
      const i = place * 4
      if (ids[i] !== a || ids[i + 1] !== b || ids[i + 2] !== c || ids[i + 3] !== d) continue
      if (this.#hashes[place * 2] !== low || this.#hashes[place * 2 + 1] !== high) return REUSED
      this.owner = this.#owners[place]!
      return this.owner === 0 || this.owner === ticket ? SEEN : WAIT
    }
    this.place = this.#claim(bucket, ticket)
    if (this.place === -1) return FRESH
    const i = this.place * 4
    ids[i] = a
    ids[i + 1] = b
    ids[i + 2] = c
    ids[i + 3] = d
    this.#hashes[this.place * 2] = low
    this.#hashes[this.place * 2 + 1] = high
    return FRESH
  }

  /** Settles the id at `place` after the log's answer: keeps it if acknowledged, removes it otherwise. */
  settle(place: number, ticket: number, acknowledged: boolean): void {
    if (place === -1 || this.#owners[place] !== ticket) return
    this.#owners[place] = 0
    if (!acknowledged) this.#ids.fill(0, place * 4, place * 4 + 4)
  }

  /** A place of the bucket that is not in flight, or -1. */
  #claim(bucket: number, ticket: number): number {
    const turn = this.#turns[bucket]!
    for (let i = 0; i < WAYS; i++) {
      const place = bucket * WAYS + ((turn + i) % WAYS)
      if (this.#owners[place] !== 0) continue
      this.#turns[bucket] = (turn + i + 1) % WAYS
      this.#owners[place] = ticket
      return place
    }
    return -1
  }
}

export const FRESH = 0
export const SEEN = 1
export const WAIT = 2
export const REUSED = 3
export type Meeting = typeof FRESH | typeof SEEN | typeof WAIT | typeof REUSED

const WAYS = 8

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0

/** Hash of an id. UUIDv7 begins with the time, so all four words are mixed. Source: MurmurHash3's finaliser. */
function mix(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x85eb_ca6b) ^ Math.imul(b, 0xc2b2_ae35) ^ Math.imul(c, 0x27d4_eb2f) ^ Math.imul(d, 0x1656_67b1)
  h ^= h >>> 16
  h = Math.imul(h, 0x85eb_ca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2_ae35)
  return h ^ (h >>> 16)
}
