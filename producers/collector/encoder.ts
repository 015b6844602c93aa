import type { Batch } from './batch.ts'
import { encodeValue } from './complex.ts'
import { Draft } from './draft.ts'
import type { Fault, FaultCode } from './faults.ts'
import type { Guard } from './guard.ts'
import type { Stamp } from './head.ts'
import { Names, NO_JSON } from './names.ts'
import { BYTE, numberOf, plainUpTo, skipAtom, skipSpace, skipString, skipValue } from './parse/scan.ts'
import type { Text } from './parse/text.ts'
import { textOf, ValueReader } from './parse/value.ts'
import { PLACE, KIND, type Plan } from './plan.ts'
import { isClock, readBase64, readId, wholeFault, wrongLength } from './values.ts'

const { BACKSLASH, CLOSE_OBJECT, COMMA, MINUS, OPEN_OBJECT, QUOTE, SPACE } = BYTE
const { BOOLEAN, COMPLEX, DOUBLE, INT, LONG, STRING, TIME } = KIND
const { CLOCK, EVENT_ID, RECEIVED_TIME, SKEW } = PLACE

/**
 * JSON to Avro in one pass over the bytes: validates against the schema and writes Confluent-framed Avro, with no
 * object, no string and no copy of the text in between. `bench/collector.ts` measures it beside JSON.parse + avsc
 * and beside Ajv; `encoder.test.ts` proves it equal to avsc's encoding.
 *
 * A record is read into flat tables (numbers, places of strings) and then written in the order of the schema.
 */
export class JsonEncoder {
  /** Why the last record was refused. */
  fault: Fault = { code: 'json_invalid' }
  readonly #plan: Plan
  readonly #guard: Guard
  readonly #names: Names
  readonly #draft: Draft
  readonly #numbers: Float64Array
  readonly #met: Uint8Array
  readonly #values = new ValueReader()

  constructor(plan: Plan, schemaId: number, guard: Guard) {
    this.#plan = plan
    this.#guard = guard
    this.#names = new Names(plan.names)
    this.#draft = new Draft(plan, schemaId)
    this.#numbers = this.#draft.numbers
    this.#met = new Uint8Array(plan.names.length)
  }

  /**
   * Encodes the object that starts at `from` (white space allowed) into the batch.
   * Answers the place after it, or -1 with `fault` set and the batch untouched. `[from, end)` must be valid UTF-8.
   */
  encode(text: Text, from: number, end: number, stamp: Stamp, batch: Batch): number {
    const after = this.#read(text, from, end)
    if (after === -1) return -1
    const { key } = this.#plan
    if (this.#draft.starts[key] === this.#draft.ends[key]) return this.#refuse('field_empty', key)
    const fault = this.#guard(this.#numbers)
    if (fault !== undefined) return this.#refuse(fault.code, fault.field)
    this.#draft.write(text, after - from, stamp, batch)
    return after
  }

  #read(text: Text, from: number, end: number): number {
    const { bytes: src, words } = text
    this.#draft.clear()
    this.#met.fill(0)
    this.#names.restart()
    let missing = this.#plan.requiredCount
    let pos = skipSpace(src, from, end)
    if (pos >= end || src[pos] !== OPEN_OBJECT) return this.#refuse('json_invalid')
    pos = skipSpace(src, pos + 1, end)
    while (pos < end && src[pos] === QUOTE) {
      const field = this.#names.at(src, words, pos + 1, end)
      if (field < 0) return field === NO_JSON ? this.#refuse('json_invalid') : this.#unknown(src, pos, end)
      if (this.#met[field] === 1) return this.#refuse('field_repeated', field)
      this.#met[field] = 1
      missing -= this.#plan.required[field]!
      // White space between tokens is rare: it is looked for only where a token is not.
      pos = this.#names.after
      if (pos < end && src[pos]! <= SPACE) pos = skipSpace(src, pos, end)
      pos = this.#value(field, text, pos, end)
      if (pos === -1) return -1
      if (pos < end && src[pos]! <= SPACE) pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== COMMA) break
      pos++
      if (pos < end && src[pos] !== QUOTE) pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== QUOTE) return this.#refuse('json_invalid')
    }
    if (pos >= end || src[pos] !== CLOSE_OBJECT) return this.#refuse('json_invalid')
    return missing === 0 ? pos + 1 : this.#missing()
  }

  #value(field: number, text: Text, pos: number, end: number): number {
    const src = text.bytes
    if (pos >= end) return this.#refuse('json_invalid')
    if (field === EVENT_ID) return this.#eventId(src, pos, end)
    if (field === RECEIVED_TIME || field === SKEW) return this.#refuse('field_reserved', field)
    switch (this.#plan.kinds[field]!) {
      case INT: case LONG: case TIME: return this.#whole(field, src, pos, end)
      case STRING: return this.#string(field, text, pos, end)
      case BOOLEAN: return this.#boolean(field, src, pos, end)
      case DOUBLE: return this.#number(field, src, pos, end)
      case COMPLEX: return this.#complex(field, src, pos, end)
      default: return this.#bytes(field, src, pos, end)
    }
  }

  /** A whole number; anything but plain digits takes the slow way. */
  #whole(field: number, src: Buffer, pos: number, end: number): number {
    const negative = src[pos] === MINUS
    const first = negative ? pos + 1 : pos
    let at = first
    let value = 0
    // Nine digits stay in small integers.
    for (const short = first + 9 < end ? first + 9 : end; at < short; at++) {
      const digit = src[at]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at === first + 9) {
      for (; at < end; at++) {
        const digit = src[at]! - 0x30
        if (digit < 0 || digit > 9) break
        value = value * 10 + digit
      }
    }
    const next = at < end ? src[at]! : COMMA
    const plain = at > first && !(src[first] === 0x30 && at > first + 1) && (next === COMMA || next === CLOSE_OBJECT || next <= 0x20)
    return plain ? this.#keep(field, negative ? -value : value, at) : this.#number(field, src, pos, end)
  }

  /** Any JSON number, or null. */
  #number(field: number, src: Buffer, pos: number, end: number): number {
    const after = skipAtom(src, pos, end)
    if (after === -1) return this.#mistyped(field, src, pos, end)
    const value = numberOf(src, pos, after)
    if (Number.isNaN(value)) return this.#nullOr(field, src, pos, after)
    if (this.#plan.kinds[field] === DOUBLE) {
      if (!Number.isFinite(value)) return this.#refuse('field_range', field)
      this.#numbers[field] = value
      return after
    }
    return Number.isInteger(value) ? this.#keep(field, value, after) : this.#refuse('field_type', field)
  }

  #keep(field: number, value: number, after: number): number {
    const fault = wholeFault(this.#plan, field, value)
    if (fault !== undefined) return this.#refuse(fault, field)
    this.#numbers[field] = value
    return after
  }

  #boolean(field: number, src: Buffer, pos: number, end: number): number {
    const after = skipAtom(src, pos, end)
    if (after === -1) return this.#mistyped(field, src, pos, end)
    const text = src.toString('latin1', pos, after)
    if (text !== 'true' && text !== 'false') return this.#nullOr(field, src, pos, after)
    this.#numbers[field] = text === 'true' ? 1 : 0
    return after
  }

  #string(field: number, { bytes: src, words }: Text, pos: number, end: number): number {
    if (src[pos] !== QUOTE) return this.#nullOr(field, src, pos, end)
    let at = plainUpTo(words, pos + 1, end)
    for (; at < end; at++) {
      const byte = src[at]!
      if (byte === QUOTE) break
      if (byte === BACKSLASH) return this.#escaped(field, src, pos, end)
      if (byte < 0x20) return this.#refuse('json_invalid', field)
    }
    if (at >= end) return this.#refuse('json_invalid')
    if (field === CLOCK && !isClock(src, pos + 1, at)) return this.#refuse('clock_unknown', field)
    this.#draft.starts[field] = pos + 1
    this.#draft.ends[field] = at
    this.#draft.aside[field] = 0
    if (at - pos - 1 > this.#plan.longest[field]!) return this.#refuse('field_too_long', field)
    return at + 1
  }

  /** A string with escapes. A lone surrogate becomes U+FFFD, as everywhere that text turns into UTF-8. */
  #escaped(field: number, src: Buffer, pos: number, end: number): number {
    const after = skipString(src, pos, end)
    const text = after === -1 ? undefined : textOf(src, pos, after)
    if (text === undefined) return this.#refuse('json_invalid', field)
    const bytes = Buffer.from(text)
    if (field === CLOCK && !isClock(bytes, 0, bytes.length)) return this.#refuse('clock_unknown', field)
    return this.#putAside(field, bytes, after)
  }

  #bytes(field: number, src: Buffer, pos: number, end: number): number {
    if (src[pos] !== QUOTE) return this.#nullOr(field, src, pos, end)
    const after = skipString(src, pos, end)
    const text = after === -1 ? undefined : textOf(src, pos, after)
    if (text === undefined) return this.#refuse('json_invalid', field)
    const bytes = readBase64(text)
    if (bytes === undefined) return this.#refuse('field_type', field)
    return this.#putAside(field, bytes, after)
  }

  #complex(field: number, src: Buffer, pos: number, end: number): number {
    const value = this.#values.read(src, pos, end)
    if (value === undefined) return this.#refuse('json_invalid', field)
    const { side, starts, ends, aside } = this.#draft
    starts[field] = side.at
    const code = encodeValue(this.#plan.types[field]!, value, side)
    if (code !== undefined) return this.#refuse(code, field)
    ends[field] = side.at
    aside[field] = 1
    return this.#values.after
  }

  #putAside(field: number, bytes: Buffer, after: number): number {
    if (wrongLength(this.#plan, field, bytes.length)) return this.#refuse('field_too_long', field)
    this.#draft.putAside(field, bytes)
    return after
  }

  #eventId(src: Buffer, pos: number, end: number): number {
    const after = src[pos] === QUOTE ? skipString(src, pos, end) : -1
    return after !== -1 && readId(src, pos + 1, after - 1, this.#draft.id) ? after : this.#refuse('id_invalid', EVENT_ID)
  }

  /** A null where the field may be null; otherwise why not. */
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
    if (after === -1) return this.#refuse('json_invalid')
    this.fault = { code: 'field_unknown', field: src.toString('utf8', pos + 1, Math.min(after - 1, pos + 65)) }
    return -1
  }

  #missing(): number {
    return this.#refuse('field_missing', this.#plan.required.findIndex((required, field) => required === 1 && this.#met[field] === 0))
  }

  #refuse(code: FaultCode, field?: number | string): -1 {
    this.fault = field === undefined ? { code } : { code, field: typeof field === 'number' ? this.#plan.names[field]! : field }
    return -1
  }
}
