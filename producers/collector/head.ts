import { hash } from 'node:crypto'
import { writeLong } from '../../platform/varint.ts'
import { writeText } from './wire.ts'

/** What the collector adds to every event of a request. */
export interface Stamp {
  /** Time of receipt by the collector's clock, ms; taken once per request. */
  readonly receivedTime: number
  readonly skew: number | null
  /** Undefined if the client was not looked up. */
  readonly seen?: Seen
  /** Who sent it, see sender.ts; 0 if unknown. */
  readonly sender?: number
}

/** What the collector sees of a client, used if the record itself does not state it. */
export interface Seen {
  /** ISO 3166-1 alpha-2; '' if unknown. */
  readonly country: string
  /** 0 if unknown. */
  readonly asn: number
  /** Device class; '' if unknown. */
  readonly device: string
}

/** Fields of the tail that hold what is seen; then comes the sender. */
const SEEN_FIELDS = 3
export const NOTHING_SEEN: Seen = { country: '', asn: 0, device: '' }

export const ID_BYTES = 16

export function writeStamp(out: Uint8Array, at: number, { receivedTime, skew }: Stamp): number {
  at = writeLong(out, at, receivedTime)
  out[at++] = skew === null ? 0 : 2
  return skew === null ? at : writeLong(out, at, skew)
}

/** Writes the tail of a record that has one; `fields` is its length, which grew with the versions of the schema. */
export function writeTail(out: Buffer, at: number, { seen = NOTHING_SEEN, sender = 0 }: Stamp, fields: number): number {
  const { country, asn, device } = seen
  const end = writeText(out, writeLong(out, writeText(out, at, country), asn), device)
  return fields > SEEN_FIELDS ? writeLong(out, end, sender) : end
}

/** Whether the id is sixteen zero bytes, which means that none was given. */
export function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < ID_BYTES; i++) if (bytes[at + i] !== 0) return false
  return true
}

/**
 * Id of an event whose client set none: the first 16 bytes of the SHA-256 of its canonical bytes, which are its Avro
 * encoding without event_id and the fields the collector sets (received_time, skew_ms, what it sees of the client). The
 * same event sent again gets the same id.
 */
export function hashedId(
  out: Buffer,
  id: number,
  bodyStart: number,
  stampStart: number,
  stampEnd: number,
  end: number,
): void {
  const before = stampStart - bodyStart
  const size = before + end - stampEnd
  if (canonical.length < size) canonical = Buffer.allocUnsafeSlow(2 * size)
  out.copy(canonical, 0, bodyStart, stampStart)
  out.copy(canonical, before, stampEnd, end)
  // One call with text output takes a third of the time of a Hash object with its buffers.
  out.write(hash('sha256', canonical.subarray(0, size), 'hex'), id, ID_BYTES, 'hex')
}

/** The bytes of one event, contiguous for hashing. */
let canonical = Buffer.allocUnsafeSlow(4_096)
