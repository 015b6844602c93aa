/**
 * What a body costs the collector from its bytes to those of the log: parsing, mapping, checks, guard, Avro. No
 * network, no Kafka.
 */
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { Batch } from '../../producers/collector/batch.ts'
import { cmcdReading } from '../../producers/collector/cmcd/read.ts'
import { openPipeline } from '../../producers/collector/pipeline.ts'
import { readingOf } from '../../producers/collector/parse/body.ts'

const LINES = 100
const RECEIVED = 1_790_000_100_000
const pipeline = openPipeline('playback.telemetry', openCatalogue())
const batch = new Batch(LINES)
const CMCD = cmcdReading(new Set())
const NDJSON = readingOf('application/x-ndjson', 1 << 24)

/** µs of CPU a record of each kind of line, medians of interleaved rounds; every record must be taken. */
export function pipelineCost(
  kinds: Readonly<Record<string, (n: number) => string>>,
  rounds: number,
  sliceMs: number,
): Record<string, number> {
  const bodies = Object.entries(kinds).map(([name, line]) => ({
    name,
    reading: name.startsWith('cmcd') ? CMCD : NDJSON,
    body: Buffer.from(Array.from({ length: LINES }, (_, n) => line(n)).join('\n')),
    seen: [] as number[],
  }))
  for (let round = -2; round < rounds; round++) {
    for (const { name, reading, body, seen } of bodies) {
      const [start, before] = [performance.now(), process.cpuUsage()]
      let count = 0
      for (; performance.now() - start < sliceMs; count += LINES) {
        batch.reset()
        reading.read(body, pipeline, { receivedTime: RECEIVED, skew: null }, batch)
      }
      if (batch.count !== LINES) throw new Error(`${name}: ${JSON.stringify(batch.rejected[0])}`)
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) seen.push((user + system) / count)
    }
  }
  return Object.fromEntries(bodies.map(({ name, seen }) => [name, seen.toSorted((a, b) => a - b)[seen.length >> 1]!]))
}
