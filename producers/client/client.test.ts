import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { systemClock } from '../../platform/clock.ts'
import type { PlayloopError } from '../../platform/errors.ts'
import { formatUuid, parseUuid, uuidV7 } from '../../platform/ids.ts'
import { seeded } from '../../platform/random.ts'
import { createClient, type Client, type ClientOptions } from './index.ts'
import { journalPath, journalTopics, readJournal } from '../../platform/journal/journal.ts'

/** What the test's server does with a request. */
type Mood = 'answer' | 'drop-unread' | 'drop-after-commit' | 'slow' | 503 | 429 | 502 | 504 | 500 | 413 | 'garbled'

/** A collector over a bad network: it stores events by id, and says of each what the real one would. */
async function startCollector(
  mood: (request: number) => Mood,
  reject: (line: Record<string, unknown>) => string | undefined = () => undefined,
) {
  const stored = new Map<string, number>()
  const bodies: Buffer[] = []
  let requests = 0
  const commit = (body: Buffer): string => {
    let [accepted, duplicates] = [0, 0]
    const rejected: { index: number; code: string }[] = []
    body
      .toString()
      .trimEnd()
      .split('\n')
      .forEach((text, index) => {
        const line = JSON.parse(text) as Record<string, unknown>
        const code = reject(line)
        const id = String(line['event_id'])
        if (code !== undefined) rejected.push({ index, code })
        else if (stored.has(id)) duplicates++
        else accepted++
        if (code === undefined) stored.set(id, (stored.get(id) ?? 0) + 1)
      })
    return JSON.stringify({ accepted, duplicates, rejected })
  }
  const answer = (request: IncomingMessage, response: ServerResponse, raw: Buffer, how: Mood): void => {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    bodies.push(body)
    if (typeof how === 'number') {
      response.writeHead(how, how === 429 ? { 'retry-after': '1' } : {}).end(JSON.stringify({ code: `CODE_${how}` }))
    } else if (how === 'drop-after-commit') {
      commit(body)
      request.socket.destroy()
    } else if (how === 'garbled') response.writeHead(202).end('{"accepted":')
    else setTimeout(() => response.writeHead(202).end(commit(body)), how === 'slow' ? 40 : 0)
  }
  const server = createServer((request, response) => {
    const how = mood(requests++)
    if (how === 'drop-unread') return void request.socket.destroy()
    const parts: Buffer[] = []
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => answer(request, response, Buffer.concat(parts), how))
    request.on('error', () => {})
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stored,
    bodies,
    get requests() {
      return requests
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const action = (n: number) => ({
  clock: 'live',
  event_time: 1_700_000_000_000 + n,
  profile_id: `p${n}`,
  action: 'play',
  query: `quo"te ${n} ¼ 🎬`,
})

async function journalled(dir: string): Promise<string[]> {
  const ids: string[] = []
  for await (const chunk of readJournal(journalPath(join(dir, 'test'), 'viewer.actions'))) {
    for (let at = 0; at < chunk.length; at += 16) ids.push(formatUuid(chunk, at))
  }
  return ids
}

async function sendAll(client: Client, count: number): Promise<void> {
  for (let n = 0; n < count; n++) if (!client.send('viewer.actions', action(n))) await client.ready()
  await client.flush()
}

describe('client', () => {
  const dirs: string[] = []
  const servers: { close(): void }[] = []
  const collector = async (...how: Parameters<typeof startCollector>): ReturnType<typeof startCollector> => {
    const server = await startCollector(...how)
    servers.push(server)
    return server
  }
  const folder = async (): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), 'playloop-client-'))
    dirs.push(dir)
    return dir
  }
  const open = (url: string, more: Partial<ClientOptions> = {}): Client =>
    createClient({ url, random: seeded(7), producer: 'test', maxBatch: 50, lingerMs: 5, ...more })
  after(async () => {
    for (const server of servers) server.close()
    await Promise.all(dirs.map((dir) => rm(dir, { recursive: true })))
  })

  it('loses nothing and acknowledges nothing twice over a network that drops, sheds and stalls', async () => {
    const moods: Mood[] = ['drop-unread', 'drop-after-commit', 503, 'slow', 502, 504]
    const random = seeded(3)
    const server = await collector(() => (random.next() < 0.4 ? moods[random.below(moods.length)]! : 'answer'))
    const journalDir = await folder()
    const client = open(server.url, { journalDir })
    await sendAll(client, 1_000)
    await client.close()

    const stats = client.stats()
    assert.equal(stats.accepted + stats.duplicates, 1_000)
    assert.equal(stats.pending, 0)
    assert.ok(stats.duplicates > 0, 'a reply that was lost after the commit comes back as duplicates')
    assert.equal(stats.duplicates, [...server.stored.values()].filter((copies) => copies > 1).length)
    assert.ok(stats.retried > 0)
    assert.equal(stats.requests, server.requests)
    const ids = await journalled(journalDir)
    assert.equal(ids.length, 1_000)
    assert.deepEqual(new Set(ids), new Set(server.stored.keys()))
  })

  it('sends the same bytes again', async () => {
    const server = await collector((request) => (request < 2 ? 503 : 'answer'))
    const client = open(server.url)
    await sendAll(client, 10)
    await client.close()
    assert.equal(server.bodies.length, 3)
    assert.ok(server.bodies.every((body) => body.equals(server.bodies[0]!)))
  })

  it('makes ids for events without, keeps those they have, and escapes nothing away', async () => {
    const server = await collector(() => 'answer')
    const client = open(server.url)
    const own = formatUuid(uuidV7(1, seeded(1)))
    client.send('viewer.actions', action(1))
    client.send('viewer.actions', { event_id: own, ...action(2) })
    await client.close()
    const [made, kept] = server.bodies[0]!.toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
    assert.deepEqual(made, { event_id: made?.['event_id'], ...action(1) })
    assert.equal(parseUuid(made['event_id']!)![6]! >> 4, 7)
    assert.deepEqual(kept, { event_id: own, ...action(2) })
  })

  it('refuses an id that is none, and sends nothing for it', async () => {
    const server = await collector(() => 'answer')
    const client = open(server.url)
    assert.throws(() => client.send('viewer.actions', { event_id: 'nonsense', ...action(3) }), {
      code: 'CLIENT_ID_INVALID',
    })
    await client.close()
    assert.equal(client.stats().produced, 0)
    assert.equal(server.requests, 0)
  })

  it('counts the rejected part of a partial success, never sends it again and never journals it', async () => {
    const server = await collector(
      () => 'answer',
      (line) => (String(line['profile_id']).endsWith('3') ? 'SCHEMA' : undefined),
    )
    const journalDir = await folder()
    const client = open(server.url, { journalDir })
    await sendAll(client, 100)
    await client.close()
    assert.deepEqual(client.stats().rejected, { SCHEMA: 10 })
    assert.equal(client.stats().accepted, 90)
    assert.equal(server.requests, 2)
    assert.deepEqual(new Set(await journalled(journalDir)), new Set(server.stored.keys()))
  })

  for (const [how, code] of [
    [500, 'CLIENT_REFUSED'],
    [413, 'CLIENT_REFUSED'],
    ['garbled', 'CLIENT_ANSWER_ODD'],
  ] as const) {
    it(`surfaces ${how} as ${code}, once, and goes on`, async () => {
      const server = await collector((request) => (request === 0 ? how : 'answer'))
      const errors: PlayloopError[] = []
      const client = open(server.url, { concurrency: 1, onError: (error) => errors.push(error) })
      await sendAll(client, 100)
      await client.close()
      assert.deepEqual(
        errors.map((error) => error.code),
        [code],
      )
      assert.equal(client.stats().accepted, 50)
      assert.deepEqual(client.stats().rejected, { [how === 'garbled' ? code : `CODE_${how}`]: 50 })
      assert.equal(server.requests, 2)
    })
  }

  it('waits as long as Retry-After asks', async () => {
    const server = await collector((request) => (request === 0 ? 429 : 'answer'))
    const client = open(server.url)
    const start = systemClock.now()
    await sendAll(client, 1)
    assert.ok(systemClock.now() - start >= 1_000)
    await client.close()
  })

  it('holds its memory: send() answers false at the bound, ready() waits for room, ignoring it is an error', async () => {
    const server = await collector(() => 'slow')
    const client = open(server.url, { maxPendingBytes: 20_000, concurrency: 1 })
    const sendUntilFull = (): number => {
      for (let n = 1; ; n++) if (!client.send('viewer.actions', action(n))) return n
    }
    const room = sendUntilFull()
    assert.ok(room > 100 && room < 300, `${room} events in 20 kB`)
    await client.ready()
    assert.ok(sendUntilFull() <= room)
    assert.throws(
      () => {
        for (;;) client.send('viewer.actions', action(0))
      },
      { code: 'CLIENT_OVERFLOW' },
    )
    await client.close()
    assert.equal(client.stats().pending, 0)
  })

  it('keeps its requests large while the collector is the slower one', async () => {
    const server = await collector(() => 'slow')
    const client = open(server.url, { maxPendingBytes: 60_000, maxBatch: 100, lingerMs: 2, concurrency: 2 })
    for (let n = 0; n < 20; n++) {
      client.send('viewer.actions', action(n))
      await systemClock.sleep(4)
    }
    await sendAll(client, 3_000)
    await client.close()
    assert.ok(server.requests < 45, `${server.requests} requests for 3,020 events`)
  })

  it('gives up at the deadline of close() and says how many it could not bring home', async () => {
    const server = await collector(() => 503)
    const journalDir = await folder()
    const client = open(server.url, { journalDir })
    for (let n = 0; n < 75; n++) client.send('viewer.actions', action(n))
    const flushed = client.flush()
    const told = assert.rejects(flushed, { code: 'CLIENT_ABANDONED' })
    await client.close(150)
    await told
    assert.equal((await journalTopics(join(journalDir, 'test'))).size, 0)
    const { produced, abandoned, pending } = client.stats()
    assert.deepEqual({ produced, abandoned, pending }, { produced: 75, abandoned: 75, pending: 0 })
    assert.throws(() => client.send('viewer.actions', action(0)), { code: 'CLIENT_CLOSED' })
  })

  it('outlives a collector that is gone for a while', async () => {
    const first = await collector(() => 'answer')
    const port = Number(new URL(first.url).port)
    const client = open(first.url)
    await sendAll(client, 50)
    first.close()
    const sent = sendAll(client, 50)
    await systemClock.sleep(250)
    const again = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(202).end('{"accepted":50,"duplicates":0,"rejected":[]}'))
    })
    await new Promise<void>((ready) => again.listen(port, '127.0.0.1', ready))
    await sent
    await client.close()
    again.close()
    assert.equal(client.stats().accepted, 100)
  })

  it('compresses when told to, and presents its key', async () => {
    const server = await collector(() => 'answer')
    const client = open(server.url, { gzip: true, ingestKey: 'k1' })
    await sendAll(client, 50)
    await client.close()
    assert.equal(client.stats().accepted, 50)
    assert.ok(client.stats().bytesSent < server.bodies[0]!.length / 3)
  })
})
