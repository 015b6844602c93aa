import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { AvroInsert } from '../../platform/clickhouse/port.ts'
import type { SinkPorts } from '../../streams/sink/sink.ts'
import { eventSource, type KnownTopic } from '../faults/events.ts'
import { endAll } from '../faults/processes.ts'
import { openStoreBench, type StoreBench } from '../faults/store-bench.ts'
import { verify } from '../faults/verify.ts'

/** A broker and a store, while the tests of one file run. */
export let bench: StoreBench
export function useBench(): void {
  before(async () => {
    bench = await openStoreBench()
  })
  after(() => {
    endAll()
    return bench.stop()
  })
}

const sent = new Map<KnownTopic, number>()
export async function send(topic: KnownTopic, count: number): Promise<void> {
  const from = sent.get(topic) ?? 0
  const source = eventSource(topic)
  sent.set(topic, from + count)
  for (let n = 0; n < count; n += 4_000) {
    await bench.producer.send(
      topic,
      Array.from({ length: Math.min(4_000, count - n) }, (_, i) => source.message(from + n + i)),
    )
  }
}

/** What stands before a datum in a message: a zero byte and the id of its schema. */
export const header = (id: number): Buffer => {
  const bytes = Buffer.alloc(5)
  bytes.writeInt32BE(id, 1)
  return bytes
}

/** The same statement but for its lease, which is of the moment. */
export const withoutLease = ({ sql }: AvroInsert): string => sql.replace(/toInt64\(\d+\)/, 'toInt64(lease)')
export const wrapped =
  (change: (insert: AvroInsert, ports: SinkPorts) => Promise<void>) =>
  (ports: SinkPorts): SinkPorts => ({ ...ports, insert: (insert) => change(insert, ports) })

/**
 * Every place of the topic landed once, by the table and by the ledger, and every aggregate equals its recomputation.
 */
export async function assertExact(topic: KnownTopic): Promise<void> {
  const cut = (await bench.broker.ends()).filter((end) => end.topic === topic)
  const { lost, twice, faults, landed } = await verify(bench.store, cut, [])
  assert.deepEqual({ lost, twice, faults, landed }, { lost: 0, twice: 0, faults: [], landed: sent.get(topic) })
}
