/** For tests: sessions on recorded networks, and the effects of a bad network on their telemetry. */
import { existsSync } from 'node:fs'
import { seeded, type Random } from '../../../platform/random.ts'
import { idsFrom, traceNetwork, type PlaybackTelemetryInput, type PlaySetup } from '../../player/index.ts'
import { setup, START } from '../../player/testing.ts'
import { readArchive } from './archive.ts'
import { sessionSetup } from './sessions.ts'

/** A session for each recorded 3G and 4G network of the archive; on seeded networks if the archive is missing. */
export async function recordedSetups(archive: string): Promise<PlaySetup[]> {
  if (existsSync(archive)) {
    const { traces, title } = await readArchive(archive, false)
    return traces.map((trace, i) => sessionSetup(trace, i, title))
  }
  return Array.from({ length: 60 }, (_, i) =>
    setup({
      sessionId: `seeded-${i}`,
      network: traceNetwork(seededTrace(seeded(`trace ${i}`)), START),
      // Ids of their own: the collector takes an id that comes again for a resend.
      newId: idsFrom(seeded(`ids ${i}`)),
    }),
  )
}

const seededTrace = (random: Random): { durationMs: number; kbps: number; latencyMs: number }[] =>
  Array.from({ length: 40 }, () => ({
    durationMs: 1_000 + random.below(9_000),
    kbps: random.below(10) === 0 ? 0 : 200 + random.below(8_000),
    latencyMs: random.below(200),
  }))

/** Of each hundred records 5 are lost, 10 arrive twice, 30 arrive at another time. */
export function delivered(records: readonly PlaybackTelemetryInput[], random: Random): PlaybackTelemetryInput[] {
  return records
    .filter(() => random.below(100) >= 5)
    .flatMap((record, i) =>
      Array.from({ length: random.below(100) < 10 ? 2 : 1 }, () => ({
        record,
        at: random.below(100) < 30 ? random.below(records.length) : i,
      })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ record }) => record)
}
