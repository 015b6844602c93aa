import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { PlaybackTelemetryInput } from '../../../schemas/generated/inputs.ts'
import type { Beacon } from '../../player/index.ts'
import type { ReplayEvent, ReplaySource } from '../source.ts'
import { inOrder, type BeaconSource } from './sessions.ts'
import { openTraces } from './source.ts'
import { tarEntries } from './tar.ts'
import { readTotals } from './totals.ts'

/** A ustar archive of files. */
function tar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).map(([name, content]) => {
    const data = Buffer.from(content)
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('        0', 148)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)])
  })
  return Buffer.concat([...blocks, Buffer.alloc(1_024)])
}

const trace = (kbps: number): string => JSON.stringify([{ duration_ms: 5_000, bandwidth_kbps: kbps, latency_ms: 50 }])
const BUNNY = JSON.stringify({
  segment_duration_ms: 3_000,
  bitrates_kbps: [230, 991, 2_962],
  segment_sizes_bits: Array.from({ length: 20 }, () => [690_000, 2_973_000, 8_886_000]),
})
const FILES = {
  'example/mmsys18/bbb.json': BUNNY,
  'example/mmsys18/3Glogs/slow.json': trace(600),
  'example/mmsys18/3Glogs/fast.json': trace(4_000),
  'example/mmsys18/4Glogs/tram.json': trace(30_000),
  'sabre-fcc.tar.gz': gzipSync(tar({ 'example/mmsys18/sd_fs/trace0000.json': trace(2_000) })),
}

describe('tar', () => {
  it('gives every file as it was', () => {
    const anyFiles = fc.dictionary(
      fc.stringMatching(/^[a-z/]{1,90}$/),
      fc.string({ maxLength: 2_000 }).map((text) => Buffer.from(text)),
      { maxKeys: 6 },
    )
    fc.assert(
      fc.property(anyFiles, (files) => {
        const back = Object.fromEntries([...tarEntries(tar(files))].map(({ name, data }) => [name, Buffer.from(data)]))
        assert.deepEqual(back, { ...files })
      }),
    )
  })

  it('refuses what is none, and what is cut off', () => {
    const archive = tar({ 'a.json': 'x'.repeat(600) })
    assert.throws(() => [...tarEntries(archive.subarray(0, 1_000))], /cut off 112 bytes short/)
    assert.throws(() => [...tarEntries(Buffer.alloc(1_024, 65))], /checksum/)
  })
})

describe('inOrder', () => {
  it('merges sessions by time, then by session, and loses none', () => {
    const times = fc.array(fc.array(fc.nat(50)), { maxLength: 12 })
    fc.assert(
      fc.property(times, (sessions) => {
        const beacons = sessions.map((list, i) =>
          list
            .toSorted((a, b) => a - b)
            .map((at): Beacon => ({ at, records: [{ seq: i } as PlaybackTelemetryInput & { event_id: string }] })),
        )
        const sources = beacons.map((list): BeaconSource => ({ next: () => list.shift() }))
        const expected = beacons.flat().sort((a, b) => a.at - b.at || a.records[0]!.seq - b.records[0]!.seq)
        assert.deepEqual([...inOrder(sources)], expected)
      }),
    )
  })
})

describe('replay traces', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'playloop-traces-'))
  })
  after(() => rm(dir, { recursive: true }))

  const archive = async (files: Readonly<Record<string, string | Buffer>> = FILES): Promise<string> => {
    const path = join(dir, 'traces.tar.gz')
    await writeFile(path, gzipSync(tar(files)))
    return path
  }
  const open = async (count?: number): Promise<ReplaySource> =>
    openTraces(await archive(), { count, totalsPath: join(dir, 'totals.ndjson') })
  const all = async (source: ReplaySource, skip = 0): Promise<ReplayEvent[]> => {
    const events: ReplayEvent[] = []
    for await (const chunk of source.events(skip)) events.push(...chunk)
    return events
  }
  const telemetry = (events: readonly ReplayEvent[]): PlaybackTelemetryInput[] =>
    events.flatMap(({ topic, event }) => (topic === 'playback.telemetry' ? [event] : []))

  it('plays the film over each mobile trace, in order of time, always the same', async () => {
    const source = await open()
    const events = await all(source)
    assert.deepEqual(await all(await open()), events)
    assert.equal(events[0]!.topic, 'catalog.titles')
    const records = telemetry(events)
    assert.deepEqual(new Set(records.map(({ session_id }) => session_id)), new Set(['3g-fast', '3g-slow', '4g-tram']))
    assert.ok(
      records.every(({ clock, title_duration_ms }) => clock === 'replay:traces' && title_duration_ms === 60_000),
    )
    const times = records.map(({ event_time }) => event_time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(records.map(({ event_id }) => event_id)).size, records.length)
    assert.equal(source.fraction(), 1)
  })

  it('goes on from any position with exactly the rest', async () => {
    const events = await all(await open())
    for (const skip of [1, 2, 17, events.length - 1, events.length])
      assert.deepEqual(await all(await open(), skip), events.slice(skip))
  })

  it('tells the truth of the sessions that are acknowledged to their end, and of no other', async () => {
    const source = await open()
    const events = await all(source)
    const tram = events.findLastIndex(({ event }) => 'session_id' in event && event.session_id === '4g-tram')
    const others = events.findLastIndex(({ event }) => 'session_id' in event && event.session_id !== '4g-tram')
    assert.ok(tram < others)
    const told = async (): Promise<string[]> =>
      (await readTotals(join(dir, 'totals.ndjson'))).map(({ session_id }) => session_id)
    assert.deepEqual(await told(), [])
    await source.settled!(tram)
    assert.ok(!(await told()).includes('4g-tram'))
    await source.settled!(tram + 1)
    assert.ok((await told()).includes('4g-tram'))
    await source.settled!(events.length)
    await source.settled!(events.length)
    const totals = await readTotals(join(dir, 'totals.ndjson'))
    assert.equal(totals.length, 3)
    for (const { session_id, totals: truth } of totals) {
      const last = telemetry(events).findLast((record) => record.session_id === session_id)!
      const { playing_ms, stall_connection_ms = 0, media_ms, bits_played } = last
      assert.deepEqual(
        [playing_ms, stall_connection_ms, media_ms, bits_played],
        [truth.playingMs, truth.stallConnectionMs, truth.mediaMs, truth.bitsPlayed],
      )
    }
  })

  it('plays as many as told: the fixed lines come after the mobile ones', async () => {
    const sessions = async (count: number): Promise<number> =>
      new Set(telemetry(await all(await open(count))).map(({ session_id }) => session_id)).size
    assert.equal(await sessions(2), 2)
    assert.equal(await sessions(127), 4)
  })

  it('says what is wrong with an archive', async () => {
    const { 'example/mmsys18/bbb.json': bunny, ...traces } = FILES
    const odd: [Readonly<Record<string, string | Buffer>>, RegExp][] = [
      [traces, /no bbb\.json/],
      [{ 'mmsys18/bbb.json': bunny }, /no 3Glogs/],
      [{ ...FILES, 'example/mmsys18/bbb.json': '{}' }, /sizes by segment/],
      [{ ...FILES, 'example/mmsys18/4Glogs/tram.json': '[{"duration_ms":-1}]' }, /no list of duration_ms/],
      [{ ...FILES, 'example/mmsys18/4Glogs/tram.json': '[' }, /4Glogs\/tram\.json is not what/],
    ]
    for (const [files, message] of odd) {
      await assert.rejects(async () => openTraces(await archive(files), { count: undefined, totalsPath: '' }), {
        code: 'REPLAY_FILE_ODD',
        message,
      })
    }
    await writeFile(join(dir, 'none.tar.gz'), 'no gzip')
    await assert.rejects(openTraces(join(dir, 'none.tar.gz'), { count: undefined, totalsPath: '' }), {
      code: 'REPLAY_FILE_ODD',
    })
    await assert.rejects(openTraces(join(dir, 'nowhere'), { count: undefined, totalsPath: '' }), {
      code: 'REPLAY_FILE_MISSING',
    })
  })
})
