import { writeWireHeader } from '../../platform/avro/wire.ts'
import type { Batch } from './batch.ts'
import { SideBuffer } from './complex.ts'
import { hashedId, ID_BYTES, isZero, writeStamp, type Stamp } from './head.ts'
import type { Text } from './parse/text.ts'
import { PLACE, KIND, type Plan } from './plan.ts'
import { writeDouble, writeLong, writeSlice, writeWords } from './wire.ts'

const { BOOLEAN, COMPLEX, DOUBLE, FIXED, TIME } = KIND
const { CLOCK, EVENT_TIME, REST } = PLACE

/** Start of a slice that was not given, or was null. */
const ABSENT = -1

/**
 * One event between reading and writing, as flat tables: numbers by field, and places of strings.
 * Text that can be copied stays where it lies in the request; what had to be unescaped or encoded lies in `side`.
 */
export class Draft {
  readonly numbers: Float64Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** 1 where the slice lies in `side`. */
  readonly aside: Uint8Array
  readonly side = new SideBuffer()
  readonly id = new Uint8Array(ID_BYTES)
  readonly #plan: Plan
  readonly #schemaId: number
  #keyStart = 0
  #keyEnd = 0

  constructor(plan: Plan, schemaId: number) {
    const { length } = plan.names
    this.#plan = plan
    this.#schemaId = schemaId
    this.numbers = new Float64Array(length)
    this.starts = new Int32Array(length)
    this.ends = new Int32Array(length)
    this.aside = new Uint8Array(length)
  }

  clear(): void {
    this.numbers.set(this.#plan.numbers)
    this.starts.fill(ABSENT)
    this.id.fill(0)
    this.side.at = 0
  }

  /** Appends bytes to the side buffer as the value of `field`. */
  putAside(field: number, bytes: Buffer): void {
    this.side.room(bytes.length)
    this.starts[field] = this.side.at
    this.side.at += bytes.copy(this.side.bytes, this.side.at)
    this.ends[field] = this.side.at
    this.aside[field] = 1
  }

  /** Writes the event into the batch as Confluent-framed Avro. `size` = bytes of its text, which bound what it takes. */
  write(text: Text, size: number, stamp: Stamp, batch: Batch): void {
    // A number of few digits may encode longer than its text (1e15): twice the text always suffices.
    batch.room(2 * size + this.#plan.overhead)
    const { out } = batch
    const id = writeWireHeader(out, batch.at, this.#schemaId)
    for (let i = 0; i < ID_BYTES; i++) out[id + i] = this.id[i]!
    const body = id + ID_BYTES
    const stampStart = writeLong(out, this.#slice(batch, body, CLOCK, text), this.numbers[EVENT_TIME]!)
    const stampEnd = writeStamp(out, stampStart, stamp)
    const end = this.#rest(batch, stampEnd, text)
    if (isZero(out, id)) hashedId(out, id, body, stampStart, stampEnd, end)
    batch.add(end, id, body, stampStart, stampEnd, this.#keyStart, this.#keyEnd)
  }

  #rest(batch: Batch, at: number, text: Text): number {
    const { kinds, nullable, key } = this.#plan
    const { numbers } = this
    const { out } = batch
    const count = kinds.length
    for (let field = REST; field < count; field++) {
      const kind = kinds[field]!
      if (kind > DOUBLE) {
        at = this.#slice(batch, at, field, text)
        if (field === key) this.#keyEnd = at
        continue
      }
      const value = numbers[field]!
      if (nullable[field] === 1) {
        if (value !== value) {
          out[at++] = 0
          continue
        }
        out[at++] = 2
      }
      // Most counters of most events are small; true and false are 1 and 0 undoubled.
      if (kind <= TIME) {
        if (value >= 0 && value < 64) out[at++] = value * 2
        else at = writeLong(out, at, value)
      } else if (kind === BOOLEAN) out[at++] = value
      else at = writeDouble(out, at, value)
    }
    this.#keyStart = this.#keyEnd - (this.ends[key]! - this.starts[key]!)
    return at
  }

  #slice(batch: Batch, at: number, field: number, text: Text): number {
    const { kinds, nullable, defaults } = this.#plan
    const { out } = batch
    const from = this.starts[field]!
    if (from === ABSENT) {
      const bytes = defaults[field]!
      for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i]!
      return at
    }
    const to = this.ends[field]!
    if (nullable[field] === 1) out[at++] = 2
    if (this.aside[field] === 0) return writeWords(out, batch.words, at, text, from, to)
    const kind = kinds[field]
    if (kind !== COMPLEX && kind !== FIXED) return writeSlice(out, at, this.side.bytes, from, to)
    return at + this.side.bytes.copy(out, at, from, to)
  }
}
