import type { Batch } from '../batch.ts'
import type { DatumReader } from '../datum.ts'
import { fail } from '../errors.ts'
import type { Stamp } from '../head.ts'
import { unparseable } from './json.ts'
import { Text } from './text.ts'

/** Finds the reader for a writer's schema, by the id in a wire header or by the text in a file header. */
export interface Readers {
  byId(id: number): DatumReader | undefined
  bySchema(text: string): DatumReader | undefined
}

const MAGIC = 0x4f62_6a01 // "Obj" 1
/** Length prefix and Confluent wire header of a framed datum. */
const FRAME_BYTES = 9

/** Whether the body is an Avro object container file: it begins "Obj" 1, which a frame below 1.3 GB cannot. */
export const isContainer = (body: Buffer): boolean => body.length >= 4 && body.readUInt32BE(0) === MAGIC

/**
 * Reads framed data: for each datum a length (4 bytes, big endian), then that many bytes of Confluent wire format (a
 * zero byte, the schema id in 4 bytes, the datum). The length finds the next datum even if one is faulty.
 */
export function readFrames(body: Buffer, readers: Readers, stamp: Stamp, batch: Batch): void {
  if (body.length === 0) throw unparseable('it is empty')
  const text = new Text(body)
  for (let at = 0; at < body.length;) {
    const end = frameEnd(body, at)
    if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
    readFrame(
      text,
      at + FRAME_BYTES,
      end,
      body[at + 4] === 0 ? readers.byId(body.readInt32BE(at + 5)) : undefined,
      stamp,
      batch,
    )
    at = end
  }
}

function readFrame(
  text: Text,
  from: number,
  end: number,
  reader: DatumReader | undefined,
  stamp: Stamp,
  batch: Batch,
): void {
  if (reader === undefined) return batch.reject({ code: 'schema_unknown' })
  const mark = batch.count
  const to = reader.take(text, from, end, stamp, batch)
  if (reader.fault !== undefined) batch.reject(reader.fault)
  else if (to !== end) batch.drop(mark, { code: 'avro_invalid' })
}

function frameEnd(body: Buffer, at: number): number {
  const end = at + FRAME_BYTES <= body.length ? at + 4 + body.readUInt32BE(at) : Infinity
  if (end > body.length || end < at + FRAME_BYTES) throw unparseable(`the frame at byte ${at} breaks off`)
  return end
}

/** Distinct schema ids in the frames, so that unknown ones can be fetched before reading. */
export function frameIds(body: Buffer): Set<number> {
  const ids = new Set<number>()
  for (let at = 0; at + FRAME_BYTES <= body.length; at += 4 + body.readUInt32BE(at)) ids.add(body.readInt32BE(at + 5))
  return ids
}
