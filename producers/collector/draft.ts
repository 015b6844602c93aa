import { writeWireHeader } from '../../platform/avro/wire.ts'
import { writeLong } from '../../platform/varint.ts'
import type { Batch } from './batch.ts'
import { SideBuffer } from './complex.ts'
import type { Fault } from './faults.ts'
import type { Guard } from './guard.ts'
import { hashedId, ID_BYTES, isZero, writeStamp, writeTail, type Stamp } from './head.ts'
import type { Text } from './parse/text.ts'
import { KIND, PLACE, type Plan } from './plan.ts'
import { ABSENT, slotsOf, type Slot } from './slot.ts'
import { writeAscii, writeDouble, writeSlice, writeWords } from './wire.ts'

const { BOOLEAN, DOUBLE, TIME } = KIND
const { CLOCK, EVENT_TIME, REST } = PLACE
/** Local copy, because the compiler folds it; an imported constant is looked up at every use. */
const NONE = ABSENT

/**
 * One event between reading and writing. Numbers are in a table by field, initialised with the defaults. Text that can
 * be copied stays in the request; text that had to be unescaped or encoded is in `side`.
 */
export class Draft {
  readonly numbers: Float64Array
  readonly slots: readonly Slot[]
  /** Predicts the first field. */
  readonly before: Slot
  readonly side = new SideBuffer()
  readonly id = new Uint8Array(ID_BYTES)
  /**
   * Number of the record, from 1. Comparing it with a slot's tells whether the field occurred in this record or an
   * earlier one.
   */
  turn = 0
  readonly #plan: Plan
  readonly #schemaId: number

  constructor(plan: Plan, schemaId: number) {
    const { slots, before } = slotsOf(plan)
    this.slots = slots
    this.before = before
    this.#plan = plan
    this.#schemaId = schemaId
    this.numbers = new Float64Array(plan.names.length)
  }

  clear(): void {
    this.numbers.set(this.#plan.numbers)
    this.id.fill(0)
    this.side.at = 0
    this.turn++
    if (this.turn < 1 << 30) return
    // Beyond small integers every comparison would cost more, so the numbering restarts.
    this.turn = 1
    for (const slot of this.slots) slot.met = 0
  }

  /** Appends bytes to the side buffer as the value of a field. */
  putAside(slot: Slot, bytes: Buffer): void {
    this.side.reserve(bytes.length)
    this.#lies(slot, this.side.at + bytes.copy(this.side.bytes, this.side.at))
  }

  /** The same for a string; returns its length in bytes. */
  putText(slot: Slot, text: string): number {
    const { side } = this
    // UTF-8 takes at most three bytes per UTF-16 unit.
    side.reserve(3 * text.length)
    const start = side.at
    this.#lies(slot, writeAscii(side.bytes, start, text) ?? start + side.bytes.write(text, start))
    return side.at - start
  }

  #lies(slot: Slot, end: number): void {
    slot.start = this.side.at
    slot.end = this.side.at = end
    slot.aside = true
  }

  /** Faults of the event as a whole: an empty message key, or a refusal by the guard. */
  fault(guard: Guard): Fault | undefined {
    const { start, end } = this.slots[this.#plan.key]!
    return end > start ? guard(this.numbers) : { code: 'field_empty', field: this.#plan.names[this.#plan.key]! }
  }

  /** The first required field that is missing. */
  missing(): number {
    return this.slots.findIndex(({ required, met }) => required === 1 && met !== this.turn)
  }

  /**
   * Writes the event into the batch as Confluent-framed Avro. `size` is the length of its text in bytes, which bounds
   * the encoded size.
   */
  write(text: Text, size: number, stamp: Stamp, batch: Batch): void {
    // A number of few digits can encode longer than its text (1e15); twice the text is always enough.
    batch.reserve(2 * size + this.#plan.overhead)
    const { out } = batch
    const id = writeWireHeader(out, batch.at, this.#schemaId)
    for (let i = 0; i < ID_BYTES; i++) out[id + i] = this.id[i]!
    const body = id + ID_BYTES
    const stampStart = writeLong(out, this.#text(this.slots[CLOCK]!, batch, body, text), this.numbers[EVENT_TIME]!)
    const stampEnd = writeStamp(out, stampStart, stamp)
    const payloadEnd = this.#rest(batch, stampEnd, text)
    const { tail } = this.#plan
    const end = tail > 0 ? writeTail(out, payloadEnd, stamp, tail) : payloadEnd
    if (isZero(out, id)) hashedId(out, id, body, stampStart, stampEnd, payloadEnd)
    const key = this.slots[this.#plan.key]!
    batch.add(end, id, body, stampStart, stampEnd, payloadEnd, this.#keyEnd - (key.end - key.start), this.#keyEnd)
  }

  #keyEnd = 0

  #rest(batch: Batch, at: number, text: Text): number {
    const { numbers, slots } = this
    const { out } = batch
    const { key } = this.#plan
    const count = slots.length
    for (let field = REST; field < count; field++) {
      const slot = slots[field]!
      if (slot.kind > DOUBLE) {
        at = this.#text(slot, batch, at, text)
        if (field === key) this.#keyEnd = at
        continue
      }
      const value = numbers[field]!
      if (slot.nullable) {
        if (value !== value) {
          out[at++] = 0
          continue
        }
        out[at++] = 2
      }
      // Most counters of most events are small. Booleans are written as 1 and 0, without zigzag doubling.
      if (slot.kind <= TIME) {
        if (value >= 0 && value < 64) out[at++] = value * 2
        else at = writeLong(out, at, value)
      } else if (slot.kind === BOOLEAN) out[at++] = value
      else at = writeDouble(out, at, value)
    }
    return at
  }

  #text(slot: Slot, batch: Batch, at: number, text: Text): number {
    const { out } = batch
    if (slot.met !== this.turn || slot.start === NONE) {
      const { fallback } = slot
      for (let i = 0; i < fallback.length; i++) out[at++] = fallback[i]!
      return at
    }
    if (slot.nullable) out[at++] = 2
    if (!slot.aside) return writeWords(out, batch.words, at, text, slot.start, slot.end)
    if (slot.hasLength) return writeSlice(out, at, this.side.bytes, slot.start, slot.end)
    return at + this.side.bytes.copy(out, at, slot.start, slot.end)
  }
}
