import type { FaultCode } from './faults.ts'
import { KIND, type Plan } from './plan.ts'

const { FIXED } = KIND

/**
 * Maximum event size, bytes of Avro: a dead letter can still hold it whole, and it is a quarter of the broker's limit.
 */
export const MAX_EVENT_BYTES = 262_144

const HEX = new Uint8Array(256).fill(0xff)
for (let i = 0; i < 16; i++) {
  HEX['0123456789abcdef'.charCodeAt(i)] = i
  HEX['0123456789ABCDEF'.charCodeAt(i)] = i
}

/** Reads a UUID (36 characters) or 32 hex digits of `src[from, to)` into `id`; returns false if it is neither. */
export function readId(src: Uint8Array, from: number, to: number, id: Uint8Array): boolean {
  const dashed = to - from === 36
  if (!dashed && to - from !== 32) return false
  let bad = 0
  for (let i = 0; i < 16; i++) {
    if (dashed && (i === 4 || i === 6 || i === 8 || i === 10) && src[from++] !== 0x2d) return false
    const high = HEX[src[from++]!]!
    const low = HEX[src[from++]!]!
    bad |= high | low
    id[i] = (high << 4) | low
  }
  return bad < 0x10
}

/** Whether the value is 'live', 'world' or 'replay:NAME'. */
export function isClock(src: Buffer, from: number, to: number): boolean {
  if (to - from === 4)
    return src[from] === 0x6c && src[from + 1] === 0x69 && src[from + 2] === 0x76 && src[from + 3] === 0x65
  if (to - from < 5 || to - from > 40) return false
  const name = src.toString('latin1', from, to)
  return name === 'world' || /^replay:[a-z0-9][a-z0-9._-]*$/.test(name)
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes of strict base64, or undefined. */
export function readBase64(text: string): Buffer | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined
}

/** Whether the length of a field's value is invalid, bytes. */
export function wrongLength(plan: Plan, field: number, length: number): boolean {
  return plan.kinds[field] === FIXED ? length !== plan.longest[field] : length > plan.longest[field]!
}

/** The fault of an integer as the value of a field, or undefined if there is none. */
export function wholeFault({ least, most }: Plan, field: number, value: number): FaultCode | undefined {
  if (value >= least[field]! && value <= most[field]!) return undefined
  return value < 0 && least[field] === 0 ? 'field_negative' : 'field_range'
}
