import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fromChild, type FromChild } from '../../platform/process/protocol.ts'
import { openPartitionReader } from '../../platform/kafka/fetch.ts'
import { readRecordBatches } from '../../platform/kafka/record-batch.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { TestBroker } from '../faults/broker.ts'

/** The collector as `playloop run collector` starts it, and a client of it over real connections. */
export interface CollectorProcess {
  readonly url: string
  readonly pid: number
  /** How it ended: a signal's name, or an exit code. */
  readonly ended: Promise<string>
  kill(signal: 'SIGKILL' | 'SIGTERM'): void
  /** Resident memory, MB. */
  memory(): number
}

/** Processes that a failed test left: ended with it. */
const alive = new Set<ReturnType<typeof fork>>()
export const endAll = (): void => alive.forEach((child) => void child.kill('SIGKILL'))

export async function startCollectorProcess(
  brokers: readonly string[],
  settings: Record<string, string> = {},
): Promise<CollectorProcess> {
  const child = fork(join(import.meta.dirname, '../../bin/playloop.ts'), ['run', 'collector'], {
    env: {
      ...process.env,
      KAFKA_BROKERS: brokers.join(','),
      PLAYLOOP_COLLECTOR_PORT: '0',
      PLAYLOOP_LOG: 'silent',
      ...settings,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  alive.add(child)
  const ended = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child)
    return String(signal ?? code)
  })
  const ready = await Promise.race([readiness(child), ended])
  if (typeof ready === 'string') throw new Error(`the collector ended at its start: ${ready}`)
  return {
    url: ready.info['url']!,
    pid: child.pid!,
    ended,
    kill: (signal) => void child.kill(signal),
    memory: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1_024,
  }
}

async function readiness(child: ReturnType<typeof fork>): Promise<Extract<FromChild, { type: 'ready' }>> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [unknown]
    const known = fromChild(message)
    if (known?.type === 'ready') return known
  }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: {
    readonly accepted?: number
    readonly duplicates?: number
    readonly rejected?: readonly unknown[]
    readonly code?: string
  }
}

/** A request that got no answer; `reused` = on a connection that had carried others. */
export class NoAnswer extends Error {
  readonly code: string
  readonly reused: boolean

  constructor(code: string, reused: boolean) {
    super(code)
    this.code = code
    this.reused = reused
  }
}

export function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  agent?: Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(body), ...headers },
      },
      (incoming) => {
        let text = ''
        incoming
          .on('data', (chunk: Buffer) => (text += chunk.toString()))
          .on('end', () => {
            resolve({
              status: incoming.statusCode!,
              headers: incoming.headers,
              body: JSON.parse(text) as Answer['body'],
            })
          })
          .on('error', reject)
      },
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      reject(new NoAnswer(error.code ?? error.message, outgoing.reusedSocket)),
    )
    outgoing.end(body)
  })
}

const START = 1_790_000_000_000
let lastId = 0

/** A batch of fresh events, and their ids in hex. */
export function freshBatch(size: number): { readonly ids: readonly string[]; readonly body: string } {
  const ids = Array.from({ length: size }, () => `0197a3c07b1e7cc398c4${(++lastId).toString(16).padStart(12, '0')}`)
  const body = ids
    .map((id, i) =>
      JSON.stringify({
        event_id: id,
        clock: 'live',
        event_time: START + 60_000,
        session_id: `s-${id.slice(-3)}`,
        instance: START,
        segment: 0,
        seq: i,
        session_start: START,
        segment_start: START,
        event: 't',
        state: 'p',
        title_id: 'title-1',
        playing_ms: 50_000,
      }),
    )
    .join('\n')
  return { ids, body }
}

/** What a client knows: the ids of its acknowledged events, and how every request ended. */
export interface ClientRecord {
  readonly acknowledged: Set<string>
  readonly statuses: Map<number | string, number>
}

export const newRecord = (): ClientRecord => ({ acknowledged: new Set(), statuses: new Map() })

/** Sends batches on kept connections, one after the other each, until told to stop; `target` may change between two. */
export function startClients(
  connections: number,
  size: number,
  target: () => string,
  record: ClientRecord,
): { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let running = true
  const note = (how: number | string): void => void record.statuses.set(how, (record.statuses.get(how) ?? 0) + 1)
  const client = async (): Promise<void> => {
    while (running) {
      const { ids, body } = freshBatch(size)
      try {
        const answer = await post(`${target()}/v1/events/playback.telemetry`, body, {}, agent)
        note(answer.status)
        if (answer.status === 202) for (const id of ids) record.acknowledged.add(id)
        else await new Promise((resolve) => setTimeout(resolve, 5))
      } catch (error) {
        note(error instanceof NoAnswer ? `${error.code}${error.reused ? ' on a kept connection' : ''}` : String(error))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  const clients = Array.from({ length: connections }, client)
  return {
    async stop() {
      running = false
      await Promise.all(clients)
      agent.destroy()
    },
  }
}

/** Ids of every record of a topic, with how often each is there. */
export async function idsInLog(
  broker: TestBroker,
  topic: TopicName = 'playback.telemetry',
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const { partition, start, end } of (await broker.ends()).filter((each) => each.topic === topic)) {
    const reader = openPartitionReader(broker.cluster, topic, partition)
    for (let offset = start; offset < end;) {
      const { records } = await reader.fetch(offset, { maxWaitMs: 100, minBytes: 1, maxBytes: 4 << 20 })
      offset = readRecordBatches(records, offset, {
        record(_offset, bytes, valueStart) {
          const id = bytes.toString('hex', valueStart + 5, valueStart + 21)
          found.set(id, (found.get(id) ?? 0) + 1)
          return true
        },
      }).nextOffset
    }
    await reader.close()
  }
  return found
}

/** Ids that a client was told are stored and that are not. */
export const lost = (acknowledged: ReadonlySet<string>, log: ReadonlyMap<string, number>): string[] =>
  [...acknowledged].filter((id) => !log.has(id))
