/**
 * Confluent wire format: a zero byte, the schema's id (4 bytes, big endian), then the Avro datum. Source: Confluent
 * Schema Registry, "Wire format".
 */
export const HEADER_BYTES = 5
const MAGIC = 0

/** Why a message has no schema id: shorter than the header, or no zero byte at the start. */
export type WireFault = 'WIRE_SHORT' | 'WIRE_MAGIC'

/** The schema id of a message (signed, as in the format), or the fault in its header. */
export function schemaIdOf(value: Uint8Array): number | WireFault {
  if (value.length < HEADER_BYTES) return 'WIRE_SHORT'
  if (value[0] !== MAGIC) return 'WIRE_MAGIC'
  return (value[1]! << 24) | (value[2]! << 16) | (value[3]! << 8) | value[4]!
}

/** Writes the header at `at`; returns the position after it. */
export function writeWireHeader(target: Uint8Array, at: number, id: number): number {
  target[at] = MAGIC
  target[at + 1] = id >>> 24
  target[at + 2] = id >>> 16
  target[at + 3] = id >>> 8
  target[at + 4] = id
  return at + HEADER_BYTES
}

/** The datum behind the header, sharing the message's memory. */
export const datumOf = (value: Uint8Array): Uint8Array => value.subarray(HEADER_BYTES)
