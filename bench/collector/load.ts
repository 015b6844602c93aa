/**
 * Load for the collector, cheaper than what it measures: requests are built once, only ids are written over, and
 * answers are counted on raw sockets. A process of its own; told what to do by its parent.
 */
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import avsc from 'avsc'
import { encodeRecord } from '../../producers/cmcd/index.ts'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { eventOf, ID_PREFIX, TOPIC_OF, type Sample } from './events.ts'

export interface LoadOrder {
  readonly port: number
  readonly sample: Sample
  readonly form: 'ndjson' | 'json' | 'avro' | 'cmcd'
  readonly gzip: boolean
  readonly batch: number
  readonly connections: number
  readonly seconds: number
  /** Ids of a run begin here, so that no two runs share any. */
  readonly firstId: number
}

export interface LoadReport {
  readonly events: number
  readonly requests: number
  /** Answers that were not 202 with every event accepted. */
  readonly odd: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly bodyBytes: number
}

const CONTENT_TYPE = {
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  avro: 'application/vnd.playloop.avro',
  cmcd: 'application/cmcd',
}
const TEXT: Readonly<Record<Exclude<LoadOrder['form'], 'avro'>, (events: readonly object[]) => string>> = {
  json: (events) => JSON.stringify(events),
  ndjson: (events) => events.map((event) => JSON.stringify(event)).join('\n'),
  cmcd: (events) => events.map((event) => `${encodeRecord(event as TopicInputs['playback.telemetry'])}\n`).join(''),
}

/** One connection's body, with the places of its ids. */
interface Body {
  readonly bytes: Buffer
  readonly ids: readonly number[]
}

function bodyOf({ sample, form, batch }: LoadOrder, seed: number): Body {
  const events = Array.from({ length: batch }, (_, i) => eventOf(sample, seed * batch + i) as { event_id: string })
  if (form === 'avro') return framed(sample, events)
  const bytes = Buffer.from(TEXT[form](events))
  const ids: number[] = []
  const mark = Buffer.from(`"${ID_PREFIX}`)
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) ids.push(at + mark.length)
  return { bytes, ids }
}

function framed(sample: Sample, events: readonly { event_id: string }[]): Body {
  const { json, id } = newest(TOPIC_OF[sample])
  const type = avsc.Type.forSchema(json as avsc.Schema)
  const parts: Buffer[] = []
  const ids: number[] = []
  let at = 0
  for (const event of events) {
    const datum = type.toBuffer({
      ...event,
      event_id: Buffer.from(event.event_id.replaceAll('-', ''), 'hex'),
      received_time: 0,
    })
    const head = Buffer.alloc(9)
    head.writeUInt32BE(5 + datum.length)
    head.writeInt32BE(id, 5)
    parts.push(head, datum)
    ids.push(at + 9 + 10)
    at += 9 + datum.length
  }
  return { bytes: Buffer.concat(parts), ids }
}

let nextId = 0

function renew({ bytes, ids }: Body, binary: boolean): void {
  for (const at of ids) {
    const id = nextId++
    if (binary) bytes.writeUIntBE(id, at, 6)
    else bytes.write(id.toString(16).padStart(12, '0'), at, 12, 'latin1')
  }
}

async function run(order: LoadOrder): Promise<LoadReport> {
  nextId = order.firstId
  const latencies: number[] = []
  let odd = 0
  const started = performance.now()
  const deadline = started + order.seconds * 1_000
  const bodies = Array.from({ length: order.connections }, (_, i) => bodyOf(order, i))
  await Promise.all(
    bodies.map((body) =>
      client(order, body, deadline, (milliseconds, good) => {
        latencies.push(milliseconds)
        if (!good) odd++
      }),
    ),
  )
  const seconds = (performance.now() - started) / 1_000
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? NaN
  return {
    events: (latencies.length - odd) * order.batch,
    requests: latencies.length,
    odd,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    bodyBytes: bodies[0]!.bytes.length,
  }
}

const isTaken = (answer: string, { form, batch }: LoadOrder): boolean =>
  form === 'cmcd'
    ? answer.startsWith('HTTP/1.1 204')
    : answer.startsWith('HTTP/1.1 202') && answer.includes(`"accepted":${batch},`)

/** One connection: sends, waits for the answer, sends again. */
function client(
  order: LoadOrder,
  body: Body,
  deadline: number,
  answered: (milliseconds: number, good: boolean) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(order.port, '127.0.0.1')
    let sentAt = 0
    let received = ''
    const send = (): void => {
      renew(body, order.form === 'avro')
      const bytes = order.gzip ? gzipSync(body.bytes, { level: 6 }) : body.bytes
      sentAt = performance.now()
      socket.cork()
      socket.write(
        `POST ${order.form === 'cmcd' ? '/v1/cmcd' : `/v1/events/${TOPIC_OF[order.sample]}`} HTTP/1.1\r\nhost: bench\r\ncontent-type: ${CONTENT_TYPE[order.form]}\r\n` +
          `${order.gzip ? 'content-encoding: gzip\r\n' : ''}content-length: ${bytes.length}\r\n\r\n`,
        'latin1',
      )
      // Copied, since the ids of the next request are written while the kernel may still read these.
      socket.write(order.gzip ? bytes : Buffer.from(bytes))
      socket.uncork()
    }
    socket.on('connect', send).on('error', reject).setNoDelay(true)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      const head = received.indexOf('\r\n\r\n')
      const length = received.startsWith('HTTP/1.1 204') ? 0 : /content-length: (\d+)/i.exec(received)?.[1]
      if (head === -1 || length === undefined || received.length < head + 4 + Number(length)) return
      answered(performance.now() - sentAt, isTaken(received, order))
      received = ''
      if (performance.now() < deadline) return send()
      socket.end()
      resolve()
    })
  })
}

process.on(
  'message',
  (order: LoadOrder) =>
    void run(order).then(
      (report) => process.send!(report),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    ),
)
process.on('disconnect', () => process.exit(0))
