import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { PlayloopError } from '../../platform/errors.ts'
import { formatUuid } from '../../platform/ids.ts'
import { seeded } from '../../platform/random.ts'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { Decoder, isSupported } from '../cmcd/index.ts'
import { beat, collector, type Harness } from '../collector/harness.ts'
import { createClient, type Client, type ClientOptions } from './index.ts'
import { journalPath, readJournal } from '../../platform/journal/journal.ts'

type Telemetry = TopicInputs['playback.telemetry']
const TOPIC = 'playback.telemetry'
const event = (change: Record<string, unknown> = {}): Telemetry => beat(change) as unknown as Telemetry
const undo: (() => unknown)[] = []
after(async () => {
  for (const step of undo) await step()
})

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'playloop-cmcd-'))
  undo.push(() => rm(dir, { recursive: true }))
  return dir
}

const listen = ({ app }: Harness): Promise<string> => app.listen({ port: 0, host: '127.0.0.1' })
const open = (url: string, more: Partial<ClientOptions> = {}): Client =>
  createClient({ url, random: seeded(7), producer: 'test', cmcd: true, maxBatch: 20, lingerMs: 5, ...more })

async function journalled(dir: string): Promise<string[]> {
  const ids: string[] = []
  for await (const chunk of readJournal(journalPath(join(dir, 'test'), TOPIC)))
    for (let at = 0; at < chunk.length; at += 16) ids.push(formatUuid(chunk, at))
  return ids.toSorted()
}

const storedIds = (harness: Harness): string[] =>
  harness
    .stored()
    .map(({ event_id }) => formatUuid(event_id as Uint8Array, 0))
    .toSorted()

/** A collector of CMCD that knows no more than the standard, answering one status after the other, then 204. */
async function plainCollector(
  ...statuses: number[]
): Promise<{ url: string; bodies: string[]; types: Set<string | undefined> }> {
  const bodies: string[] = []
  const types = new Set<string | undefined>()
  const server = createServer((request, response) => {
    let body = ''
    request
      .setEncoding('utf8')
      .on('data', (part: string) => (body += part))
      .on('end', () => {
        types.add(request.headers['content-type'])
        response.writeHead(statuses[bodies.push(body) - 1] ?? 204).end()
      })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  undo.push(() => (server.closeAllConnections(), server.close()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, types }
}

describe('a client that speaks CMCD', () => {
  it('brings the same events into the log, to the byte, as by JSON; other topics stay JSON', async () => {
    const [byCmcd, byJson] = [await collector(), await collector()]
    const events = Array.from({ length: 50 }, (_, n) => event({ seq: n, rendition: `${'long '.repeat(n)}"ü` }))
    for (const [harness, cmcd] of [
      [byCmcd, true],
      [byJson, false],
    ] as const) {
      const client = open(await listen(harness), { cmcd, gzip: cmcd })
      for (const sent of events) client.send(TOPIC, sent)
      client.send('viewer.actions', { clock: 'live', event_time: 1_790_000_000_000, profile_id: 'p', action: 'play' })
      await client.close()
      assert.deepEqual([client.stats().accepted, client.stats().rejected], [51, {}])
      assert.equal(harness.stored('viewer.actions').length, 1)
    }
    const bytes = ({ log }: Harness): string[] =>
      log
        .records(TOPIC)
        .map(({ value }) => value.toString('hex'))
        .toSorted()
    assert.deepEqual(bytes(byCmcd), bytes(byJson))
    assert.match((await byCmcd.app.inject('/metrics')).body, /playback\.telemetry/)
  })

  it('journals exactly what is in the log: neither what was refused by itself, nor less for duplicates', async () => {
    const harness = await collector()
    const journalDir = await folder()
    const client = open(await listen(harness), { journalDir })
    const twice = event()
    for (let n = 0; n < 30; n++) client.send(TOPIC, event(n % 3 === 0 ? { seq: n, playing_ms: 999_000 } : { seq: n }))
    for (let n = 0; n < 2; n++) client.send(TOPIC, twice)
    const { event_id: _, ...withoutId } = event({ session_id: 'made' })
    client.send(TOPIC, withoutId)
    await client.close()
    const { accepted, duplicates, rejected, pending } = client.stats()
    assert.deepEqual([accepted, duplicates, rejected, pending], [22, 1, { time_exceeds_wall: 10 }, 0])
    assert.deepEqual([...new Set(await journalled(journalDir))], storedIds(harness))
  })

  it('sends the same bytes again after 429 and 503, and takes 204 for all of them', async () => {
    const server = await plainCollector(503, 429, 502)
    const journalDir = await folder()
    const client = open(server.url, { journalDir, concurrency: 1 })
    for (let n = 0; n < 5; n++) client.send(TOPIC, event({ seq: n }))
    await client.close()
    assert.equal(server.bodies.length, 4)
    assert.equal(new Set(server.bodies).size, 1)
    assert.deepEqual([...server.types], ['application/cmcd'])
    const decoder = new Decoder()
    const records = server.bodies[0]!.trimEnd()
      .split('\n')
      .map((line) => decoder.decode(line))
    assert.deepEqual(
      records.map((record) => isSupported(record) && record.sn),
      [0, 1, 2, 3, 4],
    )
    assert.deepEqual(
      [client.stats().accepted, client.stats().retried, (await journalled(journalDir)).length],
      [5, 3, 5],
    )
  })

  it('stops for the sessions of a 410, and for no other', async () => {
    const server = await plainCollector(410)
    const journalDir = await folder()
    const errors: PlayloopError[] = []
    const client = open(server.url, { journalDir, onError: (error) => errors.push(error) })
    client.send(TOPIC, event({ session_id: 'closed' }))
    await client.flush()
    client.send(TOPIC, event({ session_id: 'closed' }))
    const other = event({ session_id: 'other' })
    client.send(TOPIC, other)
    await client.close()
    assert.equal(server.bodies.length, 2)
    assert.ok(!server.bodies[1]!.includes('"closed"'))
    const { produced, accepted, rejected, pending } = client.stats()
    assert.deepEqual(
      [produced, accepted, rejected, pending, errors.length],
      [3, 1, { COLLECTOR_SESSION_CLOSED: 2 }, 0, 0],
    )
    assert.deepEqual(await journalled(journalDir), [other.event_id])
  })

  it('stops for a closed session among others, as our collector names it', async () => {
    const harness = await collector({ closedSessions: ['closed'] })
    const client = open(await listen(harness))
    const both = (): void => void ['closed', 'other'].map((session_id) => client.send(TOPIC, event({ session_id })))
    both()
    await client.flush()
    both()
    await client.close()
    assert.deepEqual(
      [client.stats().accepted, client.stats().rejected],
      [2, { cmcd_session_closed: 1, COLLECTOR_SESSION_CLOSED: 1 }],
    )
    assert.deepEqual(
      harness.stored().map(({ session_id }) => session_id),
      ['other', 'other'],
    )
  })

  it('is refused where the answer does not account for its events', async () => {
    const server = await plainCollector(200)
    const errors: PlayloopError[] = []
    const client = open(server.url, { onError: (error) => errors.push(error) })
    client.send(TOPIC, event())
    await client.close()
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['CLIENT_ANSWER_ODD'],
    )
  })
})
