import type { Batch } from './batch.ts'
import { encodeValue } from './complex.ts'
import { Draft } from './draft.ts'
import type { Fault, FaultCode } from './faults.ts'
import type { Guard } from './guard.ts'
import type { Stamp } from './head.ts'
import { Names } from './names.ts'
import { BYTE, numberOf, plainUpTo, readDigits, skipAtom, skipSpace, skipString, skipValue } from './parse/scan.ts'
import type { Text } from './parse/text.ts'
import { textOf, ValueReader } from './parse/value.ts'
import { KIND, PLACE, TAIL, type Plan } from './plan.ts'
import { ABSENT, isNamed, type Slot } from './slot.ts'
import { isClock, readBase64, readId, wholeFault, wrongLength } from './values.ts'

const { BACKSLASH, CLOSE_OBJECT, COMMA, MINUS, OPEN_OBJECT, QUOTE, SPACE } = BYTE
const { BOOLEAN, COMPLEX, DOUBLE, STRING, TIME } = KIND
const { CLOCK, EVENT_ID, RECEIVED_TIME, SKEW } = PLACE

/**
 * JSON to Avro in one pass over the bytes: validates against the schema and writes Confluent-framed Avro, with no
 * object, string or copy of the text in between. `bench/collector` compares it with JSON.parse + avsc and with Ajv;
 * `encoder.test.ts` proves it equal to avsc's encoding.
 *
 * A record is read into slots, one per field, and then written in schema order. Clients repeat the same field order and
 * write no space before a colon, so the field that came next last time is tried first.
 */
export class JsonEncoder {
  /** Why the last record was refused. */
  fault: Fault = { code: 'json_invalid' }
  readonly #plan: Plan
  readonly #guard: Guard
  readonly #draft: Draft
  readonly #names: Names
  readonly #numbers: Float64Array
  readonly #values = new ValueReader()

  constructor(plan: Plan, schemaId: number, guard: Guard) {
    this.#plan = plan
    this.#guard = guard
    this.#draft = new Draft(plan, schemaId)
    this.#names = new Names(plan.names, this.#draft.slots)
    this.#numbers = this.#draft.numbers
  }

  /**
   * Encodes the object that starts at `from` (white space allowed) into the batch. Returns the offset after it, or -1
   * with `fault` set and the batch unchanged. `[from, end)` must be valid UTF-8.
   */
  encode(text: Text, from: number, end: number, stamp: Stamp, batch: Batch): number {
    const after = this.#read(text, from, end)
    if (after === -1) return -1
    const fault = this.#draft.fault(this.#guard)
    if (fault !== undefined) return this.#refuse(fault.code, fault.field)
    this.#draft.write(text, after - from, stamp, batch)
    return after
  }

  /**
   * Reads the members. White space between tokens is rare, so it is skipped only where an expected token is missing.
   */
  #read(text: Text, from: number, end: number): number {
    const { bytes: src, words } = text
    this.#draft.clear()
    const { turn } = this.#draft
    let missing = this.#plan.requiredCount
    let slot = this.#draft.before
    let pos = skipSpace(src, from, end) | 0
    if (pos >= end || src[pos] !== OPEN_OBJECT) return this.#refuse('json_invalid')
    pos = skipSpace(src, pos + 1, end)
    while (pos < end && src[pos] === QUOTE) {
      const foretold = slot.next
      const after = pos + 1 + foretold.length
      // The word comparison may read beyond the name, so near the end the slow path is used.
      if (after + 4 <= end && isNamed(foretold, words, pos + 1)) {
        slot = foretold
        pos = after
      } else {
        const found = this.#names.find(src, pos + 1, end)
        if (found === undefined || !this.#names.isJson) return this.#unknown(src, pos, end)
        slot = slot.next = found
        pos = this.#names.after
      }
      if (slot.met === turn) return this.#refuse('field_repeated', slot.index)
      slot.met = turn
      missing -= slot.required
      if (pos < end && src[pos]! <= SPACE) pos = skipSpace(src, pos, end)
      pos = this.#value(slot, text, pos, end) | 0
      if (pos === -1) return -1
      if (pos < end && src[pos]! <= SPACE) pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== COMMA) break
      pos++
      if (pos < end && src[pos] !== QUOTE) pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== QUOTE) return this.#refuse('json_invalid')
    }
    if (pos >= end || src[pos] !== CLOSE_OBJECT) return this.#refuse('json_invalid')
    return missing === 0 ? pos + 1 : this.#refuse('field_missing', this.#draft.missing())
  }

  #value(slot: Slot, text: Text, pos: number, end: number): number {
    const { kind, index } = slot
    if (pos >= end) return this.#refuse('json_invalid')
    if (kind <= TIME && index !== RECEIVED_TIME && index !== SKEW) return this.#whole(slot, text, pos, end)
    if (kind === STRING) return this.#string(slot, text, pos, end)
    if (index === EVENT_ID) return this.#eventId(text.bytes, pos, end)
    if (index === RECEIVED_TIME || index === SKEW) return this.#refuse('field_reserved', index)
    switch (kind) {
      case BOOLEAN:
        return this.#boolean(slot, text.bytes, pos, end)
      case DOUBLE:
        return this.#number(slot, text.bytes, pos, end)
      case COMPLEX:
        return this.#complex(slot, text.bytes, pos, end)
      default:
        return this.#bytes(slot, text.bytes, pos, end)
    }
  }

  /** Reads an integer; anything except plain digits takes the slow path. */
  #whole(slot: Slot, { bytes: src, words }: Text, pos: number, end: number): number {
    const { index } = slot
    const numbers = this.#numbers
    const negative = src[pos] === MINUS
    const first = negative ? pos + 1 : pos
    const at = readDigits(src, words, first, end, numbers, index)
    const next = at < end ? src[at]! : COMMA
    // Not a digit, a leading zero, a fraction or an exponent.
    if (
      at === first ||
      (src[first] === 0x30 && at > first + 1) ||
      (next !== COMMA && next !== CLOSE_OBJECT && next > SPACE)
    )
      return this.#number(slot, src, pos, end)
    if (negative) numbers[index] = 0 - numbers[index]!
    const { least, most } = this.#plan
    const value = numbers[index]!
    return value >= least[index]! && value <= most[index]!
      ? at
      : this.#refuse(wholeFault(this.#plan, index, value)!, index)
  }

  /** Reads any JSON number, or null. */
  #number({ index, kind }: Slot, src: Buffer, pos: number, end: number): number {
    const after = skipAtom(src, pos, end)
    if (after === -1) return this.#mistyped(index, src, pos, end)
    const value = numberOf(src, pos, after)
    if (Number.isNaN(value)) return this.#nullOr(index, src, pos, after)
    if (kind === DOUBLE ? !Number.isFinite(value) : !Number.isInteger(value))
      return this.#refuse(kind === DOUBLE ? 'field_range' : 'field_type', index)
    const fault = kind === DOUBLE ? undefined : wholeFault(this.#plan, index, value)
    if (fault !== undefined) return this.#refuse(fault, index)
    this.#numbers[index] = value
    return after
  }

  #boolean({ index }: Slot, src: Buffer, pos: number, end: number): number {
    const after = skipAtom(src, pos, end)
    if (after === -1) return this.#mistyped(index, src, pos, end)
    const text = src.toString('latin1', pos, after)
    if (text !== 'true' && text !== 'false') return this.#nullOr(index, src, pos, after)
    this.#numbers[index] = text === 'true' ? 1 : 0
    return after
  }

  #string(slot: Slot, { bytes: src, words }: Text, pos: number, end: number): number {
    if (src[pos] !== QUOTE) return this.#noText(slot, src, pos, end)
    let at = plainUpTo(words, pos + 1, end)
    for (; at < end; at++) {
      const byte = src[at]!
      if (byte === QUOTE) break
      if (byte === BACKSLASH) return this.#escaped(slot, src, pos, end)
      if (byte < SPACE) return this.#refuse('json_invalid', slot.index)
    }
    if (at >= end) return this.#refuse('json_invalid')
    if (slot.index === CLOCK && !isClock(src, pos + 1, at)) return this.#refuse('clock_unknown', CLOCK)
    if (at - pos - 1 > slot.longest) return this.#refuse('field_too_long', slot.index)
    slot.start = pos + 1
    slot.end = at
    slot.aside = false
    return at + 1
  }

  /** Reads a string with escapes. A lone surrogate becomes U+FFFD, as in every conversion to UTF-8. */
  #escaped(slot: Slot, src: Buffer, pos: number, end: number): number {
    const after = skipString(src, pos, end)
    const text = after === -1 ? undefined : textOf(src, pos, after)
    if (text === undefined) return this.#refuse('json_invalid', slot.index)
    const bytes = Buffer.from(text)
    if (slot.index === CLOCK && !isClock(bytes, 0, bytes.length)) return this.#refuse('clock_unknown', CLOCK)
    return this.#putAside(slot, bytes, after)
  }

  #bytes(slot: Slot, src: Buffer, pos: number, end: number): number {
    if (src[pos] !== QUOTE) return this.#noText(slot, src, pos, end)
    const after = skipString(src, pos, end)
    const text = after === -1 ? undefined : textOf(src, pos, after)
    if (text === undefined) return this.#refuse('json_invalid', slot.index)
    const bytes = readBase64(text)
    return bytes === undefined ? this.#refuse('field_type', slot.index) : this.#putAside(slot, bytes, after)
  }

  #complex(slot: Slot, src: Buffer, pos: number, end: number): number {
    const value = this.#values.read(src, pos, end)
    if (value === undefined) return this.#refuse('json_invalid', slot.index)
    const { side } = this.#draft
    slot.start = side.at
    const code = encodeValue(this.#plan.types[slot.index]!, value, side)
    if (code !== undefined) return this.#refuse(code, slot.index)
    slot.end = side.at
    slot.aside = true
    return this.#values.after
  }

  #putAside(slot: Slot, bytes: Buffer, after: number): number {
    if (wrongLength(this.#plan, slot.index, bytes.length)) return this.#refuse('field_too_long', slot.index)
    this.#draft.putAside(slot, bytes)
    return after
  }

  #eventId(src: Buffer, pos: number, end: number): number {
    const after = src[pos] === QUOTE ? skipString(src, pos, end) : -1
    return after !== -1 && readId(src, pos + 1, after - 1, this.#draft.id)
      ? after
      : this.#refuse('id_invalid', EVENT_ID)
  }

  #noText(slot: Slot, src: Buffer, pos: number, end: number): number {
    slot.start = ABSENT
    return this.#nullOr(slot.index, src, pos, end)
  }

  /** Reads null if the field is nullable; otherwise sets the fault. */
  #nullOr(field: number, src: Buffer, pos: number, end: number): number {
    const after = pos + 4
    const isNull = after <= end && src.toString('latin1', pos, after) === 'null' && this.#plan.nullable[field] === 1
    if (!isNull) return this.#mistyped(field, src, pos, end)
    this.#numbers[field] = NaN
    return after
  }

  #mistyped(field: number, src: Buffer, pos: number, end: number): number {
    return this.#refuse(skipValue(src, pos, end) === -1 ? 'json_invalid' : 'field_type', field)
  }

  #unknown(src: Buffer, pos: number, end: number): number {
    const after = skipString(src, pos, end)
    if (after === -1 || !this.#names.isJson) return this.#refuse('json_invalid')
    const field = src.toString('utf8', pos + 1, Math.min(after - 1, pos + 65))
    this.fault = { code: (TAIL as readonly string[]).includes(field) ? 'field_reserved' : 'field_unknown', field }
    return -1
  }

  #refuse(code: FaultCode, field?: number | string): -1 {
    this.fault =
      field === undefined ? { code } : { code, field: typeof field === 'number' ? this.#plan.names[field]! : field }
    return -1
  }
}
