import { isUtf8 } from 'node:buffer'
import type { Batch } from '../batch.ts'
import type { JsonEncoder } from '../encoder.ts'
import { fail } from '../errors.ts'
import type { Stamp } from '../head.ts'
import { Text } from './text.ts'
import { BYTE, skipSpace, skipValue } from './scan.ts'

const { CLOSE_ARRAY, COMMA, OPEN_ARRAY } = BYTE

/**
 * Reads a JSON array of events, or a single event. A fault of one event refuses only that event; if the text is not
 * JSON, the next event cannot be found and the whole body is refused.
 */
export function readJson(body: Buffer, encoder: JsonEncoder, stamp: Stamp, batch: Batch): void {
  if (!isUtf8(body)) throw unparseable('it is not UTF-8')
  const text = new Text(body)
  const end = body.length
  let pos = skipSpace(body, skipMark(body), end)
  if (pos >= end) throw unparseable('it is empty')
  if (body[pos] !== OPEN_ARRAY) return readEnd(body, readEvent(text, pos, encoder, stamp, batch))
  pos = skipSpace(body, pos + 1, end)
  if (pos < end && body[pos] === CLOSE_ARRAY) return readEnd(body, pos + 1)
  for (;;) {
    pos = skipSpace(body, readEvent(text, pos, encoder, stamp, batch), end)
    if (pos < end && body[pos] === CLOSE_ARRAY) return readEnd(body, pos + 1)
    if (pos >= end || body[pos] !== COMMA) throw unparseable(`the array breaks off at byte ${pos}`)
    pos++
  }
}

function readEvent(text: Text, pos: number, encoder: JsonEncoder, stamp: Stamp, batch: Batch): number {
  if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
  const body = text.bytes
  const after = encoder.encode(text, pos, body.length, stamp, batch)
  if (after !== -1) return after
  const skipped = skipValue(body, skipSpace(body, pos, body.length), body.length)
  if (skipped === -1) throw unparseable(`event ${batch.seen}, from byte ${pos}, is not JSON`)
  // Valid JSON, but not an object, which the encoder cannot distinguish from a syntax error.
  batch.reject(encoder.fault)
  return skipped
}

function readEnd(body: Buffer, pos: number): void {
  if (skipSpace(body, pos, body.length) < body.length) throw unparseable(`there is more after byte ${pos}`)
}

/** Skips a byte order mark: it is not JSON, but some clients write it. */
export const skipMark = (body: Buffer): number => (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0)

export const unparseable = (problem: string): Error => fail('COLLECTOR_UNPARSEABLE', { problem })
