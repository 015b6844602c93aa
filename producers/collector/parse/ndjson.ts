import { isUtf8 } from 'node:buffer'
import type { Batch } from '../batch.ts'
import { fail } from '../errors.ts'
import type { Fault } from '../faults.ts'
import type { Stamp } from '../head.ts'
import { skipMark, unparseable } from './json.ts'
import { Text } from './text.ts'
import { BYTE, skipSpace } from './scan.ts'

const { NEWLINE } = BYTE

/** Encodes the JSON value of a line: JsonEncoder, or a reader of lines that are no events yet. */
export interface LineEncoder {
  /** Why the last line was refused. */
  readonly fault: Fault
  /** Returns the offset after the value, or -1 with `fault` set and the batch unchanged. */
  encode(text: Text, from: number, end: number, stamp: Stamp, batch: Batch): number
}

/**
 * Reads one event per line and ignores empty lines. A JSON value cannot contain a line break, so the next line is
 * always found: a bad line is refused alone.
 */
export function readNdjson(body: Buffer, encoder: LineEncoder, stamp: Stamp, batch: Batch): void {
  const allText = isUtf8(body)
  const text = new Text(body)
  let from = skipMark(body)
  while (from < body.length) {
    const newline = body.indexOf(NEWLINE, from)
    const end = newline === -1 ? body.length : newline
    readLine(text, from, end, allText || isUtf8(body.subarray(from, end)), encoder, stamp, batch)
    from = end + 1
  }
  if (batch.seen === 0) throw unparseable('it is empty')
}

function readLine(
  text: Text,
  from: number,
  end: number,
  isText: boolean,
  encoder: LineEncoder,
  stamp: Stamp,
  batch: Batch,
): void {
  const body = text.bytes
  const start = skipSpace(body, from, end)
  if (start === end) return
  if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
  if (!isText) return batch.reject({ code: 'json_invalid' })
  const mark = batch.count
  const after = encoder.encode(text, start, end, stamp, batch)
  if (after === -1) batch.reject(encoder.fault)
  else if (skipSpace(body, after, end) < end) batch.drop(mark, { code: 'json_invalid' })
}
