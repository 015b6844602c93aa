import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http/index.ts'
import type { SessionsLag } from '../../streams/qoe/index.ts'
import type { SinkStats } from '../../streams/sink/index.ts'

const Partition = Type.Object({
  topic: Type.String(),
  partition: Type.Integer(),
  committed: Type.Integer(),
  end: Type.Integer(),
  lag: Type.Integer({ description: 'records' }),
  paused: Type.String({ description: 'code of what the partition waits for, empty while it flows' }),
})
const Sessions = Type.Object({
  seconds_behind: Type.Union([Type.Number(), Type.Null()], {
    description:
      'receipt of the newest row made into stored sessions to that of the newest row landed; null = not known',
  }),
  places_behind: Type.Union([Type.Integer(), Type.Null()], {
    description: 'places of the log that are committed and not made into sessions; null = not known',
  }),
})
export const SinkAnswer = Type.Object({
  running: Type.Boolean({ description: 'whether the sink runs in this process' }),
  rows: Type.Integer(),
  rows_per_second: Type.Number(),
  dead_letters: Type.Integer(),
  inserts: Type.Integer(),
  inserts_per_second: Type.Number(),
  retries: Type.Integer(),
  lag: Type.Integer({ description: 'largest lag of a partition, records' }),
  insert_ms: Type.Object({ p50: Type.Number(), p99: Type.Number() }),
  partitions: Type.Array(Partition),
  sessions: Sessions,
})

/** Period over which rates are computed, ms. */
const RATE_MS = 10_000

export interface SinkSources {
  /** Absent if the sink runs in another process. */
  readonly stats: (() => SinkStats) | undefined
  readonly lag: () => SessionsLag | undefined
  readonly now: () => number
}

/** `GET /v1/sink`: progress of the log into tables and sessions, as seen by this process. */
export function serveSink(app: HttpServer, { stats, lag: sessionsLag, now }: SinkSources): void {
  const samples: { at: number; rows: number; inserts: number }[] = []
  app.get(
    '/v1/sink',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'From the log into tables and sessions: lag, throughput, dead letters',
        response: { 200: SinkAnswer },
      },
    },
    () => {
      const { rows, deadLetters, inserts, retries, lag, insertMs, partitions } = stats?.() ?? NOTHING
      const at = now()
      samples.push({ at, rows, inserts })
      while (samples.length > 1 && at - samples[1]!.at > RATE_MS) samples.shift()
      const since = samples[0]!
      const sessions = sessionsLag()
      const perSecond = (amount: number): number => Math.round((amount / Math.max(1, at - since.at)) * 10_000) / 10
      return {
        running: stats !== undefined,
        rows,
        rows_per_second: perSecond(rows - since.rows),
        dead_letters: deadLetters,
        inserts,
        retries,
        lag,
        inserts_per_second: perSecond(inserts - since.inserts),
        insert_ms: insertMs,
        partitions,
        sessions: { seconds_behind: sessions?.seconds ?? null, places_behind: sessions?.places ?? null },
      }
    },
  )
}

const NOTHING: SinkStats = {
  rows: 0,
  deadLetters: 0,
  inserts: 0,
  retries: 0,
  lag: 0,
  lagTotal: 0,
  insertMs: { p50: 0, p99: 0 },
  partitions: [],
}
