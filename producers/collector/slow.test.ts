import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { nowhere } from '../../platform/geo/port.ts'
import { beat, collector, ndjson, URL, type Harness } from './harness.ts'

const [ATTACKER, VIEWER] = ['127.0.0.1', '127.0.0.2']
const BODY_BYTES = 100_000

/** A collector that listens, on the machine's clock. */
async function listening(t: TestContext, maxInflightBytes: number): Promise<Harness & { readonly port: number }> {
  const clock = { ...systemClock, advance: () => undefined }
  const harness = await collector({ maxInflightBytes }, {}, nowhere, undefined, undefined, clock)
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => {
    harness.app.server.closeAllConnections()
    return harness.app.close()
  })
  return { ...harness, port: (harness.app.server.address() as AddressInfo).port }
}

const head = (length: number): string =>
  `POST ${URL} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\ncontent-length: ${length}\r\n\r\n`

/** Opens sockets that send a body but for its last byte; the text that each is answered. */
async function hold(t: TestContext, port: number, count: number, bytes: number, from = ATTACKER): Promise<string[]> {
  const answers = new Array<string>(count).fill('')
  const sockets = answers.map((_, i): Socket => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    socket.on('data', (data) => (answers[i] += data.toString())).on('error', () => undefined)
    return socket
  })
  t.after(() => sockets.forEach((socket) => socket.destroy()))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.write(head(bytes) + ' '.repeat(bytes - 1), resolve))),
  )
  return answers
}

/** Sends one event from an address; the status and the time it took, ms. */
const send = (port: number, localAddress: string, bytes = 0): Promise<{ status: number; ms: number }> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    const headers = { 'content-type': 'application/x-ndjson' }
    request({ port, host: '127.0.0.1', localAddress, method: 'POST', path: URL, headers }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode!, ms: performance.now() - begun }))
    })
      .on('error', reject)
      .end(ndjson(beat()) + '\n'.repeat(bytes))
  })

async function sendMany(port: number, count: number): Promise<{ statuses: Set<number>; p99: number }> {
  const sent = []
  for (let i = 0; i < count; i++) sent.push(await send(port, VIEWER))
  const times = sent.map(({ ms }) => ms).sort((a, b) => a - b)
  return { statuses: new Set(sent.map(({ status }) => status)), p99: times[Math.floor(times.length * 0.99)]! }
}

const statusesOf = (answers: readonly string[]): string[] => answers.map((answer) => answer.slice(9, 12))

describe('senders that hold their bodies back', () => {
  for (const count of [46, 1_000]) {
    it(`${count} of one address keep nobody else out`, async (t) => {
      const { port } = await listening(t, 1_000_000)
      await hold(t, port, count, BODY_BYTES)
      const { statuses, p99 } = await sendMany(port, 200)
      assert.deepEqual(statuses, new Set([202]))
      assert.ok(p99 < 250, `p99 of the others was ${p99} ms`)
    })
  }

  it('are refused beyond their share, and given up after 5 s', async (t) => {
    const { port } = await listening(t, 1_000_000)
    const answers = await hold(t, port, 20, BODY_BYTES)
    await systemClock.sleep(300)
    const refused = statusesOf(answers).filter((status) => status === '429').length
    assert.ok(refused >= 14 && refused <= 16, `${refused} of 20 were refused at once`)
    await systemClock.sleep(6_500)
    assert.equal(statusesOf(answers).filter((status) => status === '408').length, 20 - refused)
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`)
    assert.equal(((await ready.json()) as { held: number }).held, 0)
  })

  it('make room at once where many addresses hold all there is', async (t) => {
    const { port } = await listening(t, 400_000)
    for (let i = 10; i < 40; i++) await hold(t, port, 1, BODY_BYTES, `127.0.0.${i}`)
    assert.equal((await send(port, VIEWER, 90_000)).status, 503)
    await systemClock.sleep(1_200)
    assert.equal((await send(port, VIEWER, 90_000)).status, 202)
  })

  it('a request whose header fields trickle in is answered 408', async (t) => {
    const { port } = await listening(t, 1_000_000)
    const socket = connect({ port, host: '127.0.0.1' })
    t.after(() => socket.destroy())
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())))
    socket.write('POST /v1/events/playback.telemetry HTTP/1.1\r\nhost: localhost\r\nx-slow:')
    assert.match(await answer, /^HTTP\/1\.1 408/)
  })
})
