import { writeWireHeader } from '../../platform/avro/wire.ts'
import type { Batch } from './batch.ts'
import { SideBuffer } from './complex.ts'
import { hashedId, ID_BYTES, isZero, writeStamp, type Stamp } from './head.ts'
import { BOOLEAN, CLOCK, COMPLEX, DOUBLE, EVENT_TIME, FIXED, REST, TIME, type Plan } from './plan.ts'
import { writeDouble, writeLong, writeSlice } from './wire.ts'

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
  write(src: Buffer, size: number, stamp: Stamp, batch: Batch): void {
    // A number of few digits may encode longer than its text (1e15): twice the text always suffices.
    batch.room(2 * size + this.#plan.overhead)
    const { out } = batch
    const id = writeWireHeader(out, batch.at, this.#schemaId)
    out.set(this.id, id)
    const body = id + ID_BYTES
    const stampStart = writeLong(out, this.#slice(out, body, CLOCK, src), this.numbers[EVENT_TIME]!)
    const stampEnd = writeStamp(out, stampStart, stamp)
    const end = this.#rest(out, stampEnd, src)
    if (isZero(out, id)) hashedId(out, id, body, stampStart, stampEnd, end)
    batch.add(end, id, body, stampStart, stampEnd, this.#keyStart, this.#keyEnd)
  }

  #keyStart = 0
  #keyEnd = 0

  #rest(out: Buffer, at: number, src: Buffer): number {
    const { kinds, nullable, key } = this.#plan
    const { numbers } = this
    for (let field = REST; field < kinds.length; field++) {
      const kind = kinds[field]!
      if (kind <= DOUBLE) {
        const value = numbers[field]!
        if (nullable[field] === 1) {
          if (value !== value) {
            out[at++] = 0
            continue
          }
          out[at++] = 2
        }
        // Most counters of most events are small.
        if (kind <= TIME) {
          if (value >= 0 && value < 64) out[at++] = value << 1
          else at = writeLong(out, at, value)
        } else if (kind === BOOLEAN) out[at++] = value
        else at = writeDouble(out, at, value)
        continue
      }
      at = this.#slice(out, at, field, src)
      if (field === key) {
        this.#keyEnd = at
        this.#keyStart = at - (this.ends[field]! - this.starts[field]!)
      }
    }
    return at
  }

  #slice(out: Buffer, at: number, field: number, src: Buffer): number {
    const { kinds, nullable, defaults } = this.#plan
    const from = this.starts[field]!
    if (from === ABSENT) {
      const bytes = defaults[field]!
      for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i]!
      return at
    }
    const source = this.aside[field] === 1 ? this.side.bytes : src
    const to = this.ends[field]!
    if (nullable[field] === 1) out[at++] = 2
    const kind = kinds[field]
    if (kind !== COMPLEX && kind !== FIXED) return writeSlice(out, at, source, from, to)
    return at + source.copy(out, at, from, to)
  }
}

