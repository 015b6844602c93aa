import { isUtf8 } from 'node:buffer'
import { writeWireHeader } from '../../platform/avro/wire.ts'
import { after, readLong } from '../../platform/varint.ts'
import type { AvroType } from '../../schemas/model.ts'
import type { Batch } from './batch.ts'
import type { Fault, FaultCode } from './faults.ts'
import type { Guard } from './guard.ts'
import { hashedId, ID_BYTES, isZero, writeStamp, writeTail, type Stamp } from './head.ts'
import type { Text } from './parse/text.ts'
import { KIND, PLACE, TAIL, TAIL_NUMBERS, type Plan } from './plan.ts'
import { slotsOf, type Slot } from './slot.ts'
import { isClock, wholeFault } from './values.ts'

const { BOOLEAN, COMPLEX, DOUBLE, FIXED, STRING, TIME } = KIND
const { CLOCK, EVENT_ID, RECEIVED_TIME, SKEW } = PLACE

const UNREADABLE = -1

/**
 * Reads one Avro datum: walks it once to check bounds, types and values, then copies it with a new head. Nothing is
 * decoded into objects or encoded again: only received_time, skew_ms and a missing event id change.
 */
export class DatumReader {
  /** Why the last datum was refused; undefined if it was accepted. */
  fault: Fault | undefined
  readonly #plan: Plan
  readonly #schemaId: number
  readonly #guard: Guard
  readonly #numbers: Float64Array
  readonly #slots: readonly Slot[]
  #stampStart = 0
  #rest = 0
  #tail = 0
  #keyStart = 0
  #keyEnd = 0

  constructor(plan: Plan, schemaId: number, guard: Guard) {
    this.#plan = plan
    this.#schemaId = schemaId
    this.#guard = guard
    this.#numbers = new Float64Array(plan.names.length)
    this.#slots = slotsOf(plan).slots
  }

  /**
   * Reads the datum at `from`; returns the offset after it. If `fault` is set, the datum was refused but its end is
   * known; -1 means unreadable, its end is unknown.
   */
  take(text: Text, from: number, end: number, stamp: Stamp, batch: Batch): number {
    this.fault = undefined
    const to = this.#read(text, from, end)
    if (to !== UNREADABLE) this.fault ??= this.#guard(this.#numbers)
    if (to !== UNREADABLE && this.fault === undefined) this.#write(text.bytes, from, stamp, batch)
    return to
  }

  #write(src: Buffer, from: number, stamp: Stamp, batch: Batch): void {
    batch.reserve(this.#tail - from + this.#plan.overhead)
    const { out } = batch
    const id = writeWireHeader(out, batch.at, this.#schemaId)
    src.copy(out, id, from, this.#stampStart)
    const stampStart = id + this.#stampStart - from
    const stampEnd = writeStamp(out, stampStart, stamp)
    src.copy(out, stampEnd, this.#rest, this.#tail)
    const moved = stampEnd - this.#rest
    const payloadEnd = this.#tail + moved
    const { tail } = this.#plan
    const end = tail > 0 ? writeTail(out, payloadEnd, stamp, tail) : payloadEnd
    if (isZero(out, id)) hashedId(out, id, id + ID_BYTES, stampStart, stampEnd, payloadEnd)
    batch.add(end, id, id + ID_BYTES, stampStart, stampEnd, payloadEnd, this.#keyStart + moved, this.#keyEnd + moved)
  }

  /** Reads the fields. Single-byte values and short strings, almost all there are, are handled inline. */
  #read({ bytes: src, words }: Text, from: number, end: number): number {
    const slots = this.#slots
    const numbers = this.#numbers
    const { key } = this.#plan
    let pos = from | 0
    for (let field = 0; field < slots.length; field++) {
      const slot = slots[field]!
      if (field === RECEIVED_TIME) this.#stampStart = pos
      if (slot.nullable) {
        const branch = pos < end ? src[pos++]! : UNREADABLE
        if (branch === 0) {
          numbers[field] = NaN
          if (field === SKEW) this.#rest = pos
          continue
        }
        if (branch !== 2) return this.#unreadable(field)
      }
      if (pos >= end) return this.#unreadable(field)
      const { kind } = slot
      const start = pos
      const byte = src[pos]!
      if (kind <= TIME && byte < 0x80 && (byte & 1) === 0) {
        numbers[field] = byte >>> 1
        pos++
      } else if (
        kind === STRING &&
        byte < 0x80 &&
        (byte & 1) === 0 &&
        pos + 1 + (byte >>> 1) <= end &&
        isAscii(src, words, pos + 1, pos + 1 + (byte >>> 1))
      ) {
        pos += 1 + (byte >>> 1)
        if (field === CLOCK && !isClock(src, start + 1, pos)) this.#refuse('clock_unknown', field)
      } else {
        pos = (kind <= DOUBLE ? this.#number(field, src, pos, end) : this.#slice(field, src, pos, end)) | 0
        if (pos === UNREADABLE) return this.#unreadable(field)
      }
      if (field === SKEW) this.#rest = pos
      if (field === key) this.#key(src, start, pos, end)
    }
    this.#tail = pos
    return this.#plan.tail > 0 ? this.#overTail(src, pos, end) : pos
  }

  /** Skips strings and numbers. Their values do not matter: they are overwritten. */
  #overTail(src: Buffer, pos: number, end: number): number {
    let at = pos
    for (let field = 0; field < this.#plan.tail && at !== UNREADABLE; field++)
      at = TAIL_NUMBERS[field] === true ? this.#skipNumber(src, at, end) : this.#skipBytes(src, at, end)
    if (at === UNREADABLE) this.fault = { code: 'avro_invalid', field: TAIL[0] }
    return at
  }

  #skipNumber(src: Buffer, pos: number, end: number): number {
    const value = readLong(src, pos, end)
    return value === value ? after : UNREADABLE
  }

  #key(src: Buffer, start: number, pos: number, end: number): void {
    this.#keyStart = pos - readLong(src, start, end)
    this.#keyEnd = pos
    if (this.#keyStart === pos) this.#refuse('field_empty', this.#plan.key)
  }

  #number(field: number, src: Buffer, pos: number, end: number): number {
    const kind = this.#plan.kinds[field]!
    if (kind <= TIME) {
      const value = readLong(src, pos, end)
      if (value !== value) return UNREADABLE
      this.#numbers[field] = value
      // The client's values of both fields are overwritten, so they are not checked.
      const fault = field === RECEIVED_TIME || field === SKEW ? undefined : wholeFault(this.#plan, field, value)
      if (fault !== undefined) this.#refuse(fault, field)
      return after
    }
    if (kind === BOOLEAN) return pos < end && src[pos]! <= 1 ? pos + 1 : UNREADABLE
    if (pos + 8 > end) return UNREADABLE
    if (!Number.isFinite(src.readDoubleLE(pos))) this.#refuse('field_range', field)
    return pos + 8
  }

  #slice(field: number, src: Buffer, pos: number, end: number): number {
    const kind = this.#plan.kinds[field]!
    const longest = this.#plan.longest[field]!
    if (kind === FIXED || field === EVENT_ID) return pos + longest <= end ? pos + longest : UNREADABLE
    if (kind === COMPLEX) return this.#skip(field, this.#plan.types[field]!, src, pos, end)
    const to = this.#skipBytes(src, pos, end)
    if (to === UNREADABLE) return UNREADABLE
    if (to - after > longest) this.#refuse('field_too_long', field)
    if (kind === STRING && !isText(src, after, to)) this.#refuse('field_type', field)
    if (field === CLOCK && !isClock(src, after, to)) this.#refuse('clock_unknown', field)
    return to
  }

  /** Skips length-prefixed bytes and returns the offset after them; `after` is then where they begin. */
  #skipBytes(src: Buffer, pos: number, end: number): number {
    const length = readLong(src, pos, end)
    return length >= 0 && after + length <= end ? after + length : UNREADABLE
  }

  #skip(field: number, type: AvroType, src: Buffer, pos: number, end: number): number {
    switch (type.kind) {
      case 'array':
        return this.#blocks(src, pos, end, (at) => this.#skip(field, type.items, src, at, end))
      case 'map':
        return this.#blocks(src, pos, end, (at) => this.#skipEntry(field, type.values, src, at, end))
      case 'record':
        return type.fields.reduce(
          (at, inner) => (at === UNREADABLE ? at : this.#skip(field, inner.type, src, at, end)),
          pos,
        )
      case 'string':
        return this.#skipText(field, src, pos, end)
      case 'boolean':
        return pos < end && src[pos]! <= 1 ? pos + 1 : UNREADABLE
      case 'double':
        return pos + 8 <= end ? pos + 8 : UNREADABLE
      case 'int':
      case 'long':
        return this.#skipWhole(field, type.kind === 'int', src, pos, end)
      case 'bytes':
      case 'enum':
      case 'fixed':
      case 'float':
      case 'null':
      case 'union':
        return UNREADABLE
    }
  }

  #skipEntry(field: number, values: AvroType, src: Buffer, pos: number, end: number): number {
    const at = this.#skipText(field, src, pos, end)
    return at === UNREADABLE ? at : this.#skip(field, values, src, at, end)
  }

  #skipText(field: number, src: Buffer, pos: number, end: number): number {
    const to = this.#skipBytes(src, pos, end)
    if (to !== UNREADABLE && !isText(src, after, to)) this.#refuse('field_type', field)
    return to
  }

  #skipWhole(field: number, isInt: boolean, src: Buffer, pos: number, end: number): number {
    const value = readLong(src, pos, end)
    if (value !== value) return UNREADABLE
    if (isInt ? value !== (value | 0) : !Number.isSafeInteger(value)) this.#refuse('field_range', field)
    return after
  }

  /**
   * Skips the blocks of an array or map, up to the empty one. Every item takes at least one byte, which bounds the
   * count.
   */
  #blocks(src: Buffer, pos: number, end: number, skip: (at: number) => number): number {
    for (;;) {
      let count = readLong(src, pos, end)
      if (count !== count) return UNREADABLE
      pos = after
      if (count === 0) return pos
      if (count < 0) {
        count = -count
        if (!(readLong(src, pos, end) >= 0)) return UNREADABLE
        pos = after
      }
      if (count > end - pos) return UNREADABLE
      for (; count > 0; count--) {
        pos = skip(pos)
        if (pos === UNREADABLE) return UNREADABLE
      }
    }
  }

  #refuse(code: FaultCode, field: number): void {
    this.fault ??= { code, field: this.#plan.names[field]! }
  }

  #unreadable(field: number): -1 {
    this.fault = { code: 'avro_invalid', field: this.#plan.names[field]! }
    return UNREADABLE
  }
}

/** Whether a range is ASCII; tested four bytes at a time. */
function isAscii(src: Buffer, words: DataView, from: number, to: number): boolean {
  let at = from | 0
  for (const last = (to | 0) - 4; at <= last; at += 4) if ((words.getInt32(at, true) & 0x8080_8080) !== 0) return false
  for (; at < to; at++) if (src[at]! >= 0x80) return false
  return true
}

/** Whether a range is well-formed UTF-8. ASCII, almost all of it, is recognised without a call into C++. */
function isText(src: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (src[at]! >= 0x80) return isUtf8(src.subarray(from, to))
  return true
}
