import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import { newest } from '../../schemas/catalogue.ts'
import { openCatalogue } from './catalogue.ts'
import { openCodec } from './codec.ts'
import { blockHeader, ocfHeader, SYNC_BYTES, SYNC_MARKER, wrapperSchema } from './ocf.ts'
import { MAX_LONG_BYTES, writeLong } from '../varint.ts'
import { datumOf } from './wire.ts'

const TOPIC = 'oca.reports'
const report = (oca: string): Uint8Array =>
  datumOf(
    openCodec(TOPIC, openCatalogue()).encode({
      event_id: Buffer.alloc(16, 1),
      clock: 'live',
      event_time: 1,
      received_time: 2,
      oca,
      kind: 'load',
    }),
  )

function frame(offset: number, datum: Uint8Array): Buffer {
  const buffer = Buffer.alloc(MAX_LONG_BYTES)
  const long = buffer.subarray(0, writeLong(buffer, 0, offset))
  return Buffer.concat([long, datum, long])
}

describe('a file around undecoded data', () => {
  it('is read by the Avro library: several blocks, offsets before and behind', async () => {
    const blocks = [[frame(7, report('a')), frame(9, report('b'))], [frame(2 ** 40, report('c'))]]
    const pieces = blocks.flatMap((frames) => [
      blockHeader(frames.length, Buffer.concat(frames).length),
      ...frames,
      SYNC_MARKER,
    ])
    const rows = await read(Buffer.concat([ocfHeader(wrapperSchema(newest(TOPIC).json)), ...pieces]))
    assert.deepEqual(
      rows.map(({ _off, oca, _end }) => [_off, oca, _end]),
      [
        [7, 'a', 7],
        [9, 'b', 9],
        [2 ** 40, 'c', 2 ** 40],
      ],
    )
  })

  it('has a marker of its own where one is given', () => {
    const marker = new Uint8Array(SYNC_BYTES).fill(0xab)
    assert.deepEqual(
      ocfHeader({ type: 'record', name: 'A', fields: [] }, marker).subarray(-SYNC_BYTES),
      Buffer.from(marker),
    )
    assert.equal(SYNC_MARKER.length, SYNC_BYTES)
  })
})

function read(file: Buffer): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'playloop-ocf-'))
  writeFileSync(join(folder, 'data.avro'), file)
  const rows: Record<string, unknown>[] = []
  return new Promise<Record<string, unknown>[]>((resolve, reject) => {
    avsc
      .createFileDecoder(join(folder, 'data.avro'))
      .on('data', (row: Record<string, unknown>) => rows.push(row))
      .on('end', () => resolve(rows))
      .on('error', reject)
  }).finally(() => rmSync(folder, { recursive: true, force: true }))
}
