import type { AvroType, Field } from '../../schemas/model.ts'
import type { FaultCode } from './faults.ts'
import type { JsonValue } from './parse/value.ts'
import { MAX_TIME } from './plan.ts'
import { writeLong } from '../../platform/varint.ts'
import { writeDouble, writeText } from './wire.ts'

/**
 * Buffer for arrays, maps and records inside an event, encoded recursively from JSON values to Avro. They are rare and
 * short, so nothing here is optimised.
 */
export class SideBuffer {
  bytes = Buffer.allocUnsafeSlow(4_096)
  at = 0

  /** Ensures space for `more` bytes. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + more))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  long(value: number): void {
    this.reserve(10)
    this.at = writeLong(this.bytes, this.at, value)
  }

  text(value: string): void {
    this.reserve(value.length * 3 + 5)
    this.at = writeText(this.bytes, this.at, value)
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.at++] = value
  }

  double(value: number): void {
    this.reserve(8)
    this.at = writeDouble(this.bytes, this.at, value)
  }
}

/** Appends `value` as `type`; returns the fault code, or undefined if there is none. */
export function encodeValue(type: AvroType, value: JsonValue, out: SideBuffer): FaultCode | undefined {
  switch (type.kind) {
    case 'array':
      return isList(value) ? encodeBlock(value, out, (item) => encodeValue(type.items, item, out)) : 'field_type'
    case 'map':
      return isObject(value)
        ? encodeBlock([...value], out, (entry) => encodeEntry(type.values, entry, out))
        : 'field_type'
    case 'record':
      return isObject(value) ? encodeFields(type.fields, value, out) : 'field_type'
    case 'string':
      return typeof value === 'string' ? void out.text(value) : 'field_type'
    case 'boolean':
      return typeof value === 'boolean' ? void out.byte(Number(value)) : 'field_type'
    case 'double':
      return typeof value === 'number' ? void out.double(value) : 'field_type'
    case 'int':
    case 'long':
      return encodeWhole(type.kind === 'int', type.logical, value, out)
    // The schemas have none of these inside arrays, maps and records.
    case 'bytes':
    case 'enum':
    case 'fixed':
    case 'float':
    case 'null':
    case 'union':
      return 'field_type'
  }
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
const isObject = (value: JsonValue): value is ReadonlyMap<string, JsonValue> => value instanceof Map

/** Writes an array or map: one block of `items`, then the empty block that ends it. */
function encodeBlock<T>(
  items: readonly T[],
  out: SideBuffer,
  encode: (item: T) => FaultCode | undefined,
): FaultCode | undefined {
  if (items.length > 0) out.long(items.length)
  for (const item of items) {
    const fault = encode(item)
    if (fault !== undefined) return fault
  }
  out.byte(0)
  return undefined
}

function encodeEntry(
  type: AvroType,
  [name, value]: readonly [string, JsonValue],
  out: SideBuffer,
): FaultCode | undefined {
  out.text(name)
  return encodeValue(type, value, out)
}

/** Inner records have no defaults in the schemas: every field must be present, and no other. */
function encodeFields(
  fields: readonly Field[],
  value: ReadonlyMap<string, JsonValue>,
  out: SideBuffer,
): FaultCode | undefined {
  if ([...value.keys()].some((name) => fields.every((field) => field.name !== name))) return 'field_unknown'
  for (const { name, type } of fields) {
    const inner = value.get(name)
    if (inner === undefined) return 'field_missing'
    const fault = encodeValue(type, inner, out)
    if (fault !== undefined) return fault
  }
  return undefined
}

function encodeWhole(
  isInt: boolean,
  logical: string | undefined,
  value: JsonValue,
  out: SideBuffer,
): FaultCode | undefined {
  if (typeof value !== 'number') return 'field_type'
  if (!Number.isSafeInteger(value)) return Number.isInteger(value) ? 'field_range' : 'field_type'
  if (isInt && value !== (value | 0)) return 'field_range'
  if (logical === 'timestamp-millis' && (value < 0 || value > MAX_TIME)) return 'field_range'
  out.long(value)
  return undefined
}
