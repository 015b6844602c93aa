import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { after, describe, it } from 'node:test'
import { createGunzip, constants } from 'node:zlib'
import type { Readable } from 'node:stream'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { openMetrics } from '../metrics.ts'
import { createServer, listen, openStream, type Listening, type Receiver } from './index.ts'

const open: (() => Promise<unknown>)[] = []
after(() => Promise.all(open.map((close) => close())))

interface Streaming extends Listening {
  readonly receivers: Receiver[]
  left: number
}

async function serve(heartbeatMs?: number): Promise<Streaming> {
  const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics() })
  const state: { receivers: Receiver[]; left: number } = { receivers: [], left: 0 }
  app.get('/stream', { exposeHeadRoute: false, config: { scope: 'public', cors: 'any' } }, (_, reply) =>
    openStream(
      reply,
      (receiver) => {
        state.receivers.push(receiver)
        receiver.send('hello', '{"a":1}')
        return () => state.left++
      },
      heartbeatMs === undefined ? {} : { heartbeatMs },
    ),
  )
  const listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT', clock: systemClock })
  open.push(listening.stop)
  return Object.assign(state, listening)
}

const ask = (url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(`${url}/stream`, { headers }, resolve).on('error', reject))

/** Text as it comes, until it holds what is waited for. */
async function until(stream: Readable, what: string): Promise<string> {
  let text = ''
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.includes(what)) return text
  }
  assert.fail(`the stream ended without ${what}: ${text}`)
}

describe('server-sent events', () => {
  it('come as they are sent, with a number each, and say in between that they live', async () => {
    const server = await serve(20)
    const answer = await ask(server.url)
    assert.equal(answer.headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    const text = await until(answer, ': heartbeat\n\n')
    assert.match(text, /^retry: 1000\n\nevent: hello\nid: 1\ndata: \{"a":1\}\n\n/)
    answer.destroy()
  })

  it('are compressed where the client takes it, each whole at once', async () => {
    const server = await serve()
    const answer = await ask(server.url, { 'accept-encoding': 'gzip, br' })
    assert.equal(answer.headers['content-encoding'], 'gzip')
    const plain = answer.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH }))
    await until(plain, 'data: {"a":1}\n\n')
    server.receivers[0]!.send('more', 'x'.repeat(10_000))
    await until(plain, 'x\n\n')
    answer.destroy()
    assert.equal((await ask(server.url, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'], undefined)
  })

  it('are withheld from one who does not read, who is let go in the end', async () => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[]) {
      const server = await serve()
      const answer = await ask(server.url, headers)
      answer.pause()
      const [receiver] = server.receivers
      let noise = ''
      for (let i = 0; noise.length < 200_000; i++) noise += Math.sin(i).toString(36)
      let taken = 0
      for (let i = 0; i < 4_000 && server.left === 0; i++) {
        if (receiver!.send('noise', noise)) taken++
        if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      assert.equal(server.left, 1, 'nobody waits for it')
      assert.ok(taken < 400, `${taken} of 200 kB each were held for it`)
    }
  })

  it('end when the server drains', async () => {
    const server = await serve()
    const answer = await ask(server.url)
    const ended = new Promise((resolve) => answer.resume().once('end', resolve))
    await server.stop()
    await ended
    assert.equal(server.left, 1)
  })
})
