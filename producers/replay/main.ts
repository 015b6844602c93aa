import { join } from 'node:path'
import type { PlayloopError } from '../../platform/errors.ts'
import { takeLock } from '../../platform/process/lock.ts'
import { unpredictable } from '../../platform/random.ts'
import type { RoleContext } from '../../platform/role.ts'
import { createClient, type ClientStats } from '../client/index.ts'
import { readCheckpoint, resumeAt, writeCheckpoint } from './checkpoint.ts'
import { fail } from './errors.ts'
import { openExperiment } from './experiment.ts'
import { openInteractions } from './interactions.ts'
import { openMovielens } from './movielens/source.ts'
import { readSpeed } from './pace.ts'
import { openProgress } from './progress.ts'
import { runSource } from './run.ts'
import { isReplayKind, type ReplayKind, type ReplaySource } from './source.ts'
import { openTraces } from './traces/source.ts'

export interface ReplayOptions {
  /** movielens, traces, interactions or experiment. */
  readonly source: string
  /** Folder (movielens) or file (the others) of the data. */
  readonly from: string
  readonly collectorUrl: string
  /** Speed as a multiple of the data's own; 'max' or 0, the default: as fast as possible. */
  readonly speed?: string | number | undefined
  /** Maximum number of events from the start of the data. */
  readonly limit?: number | undefined
  /** traces: sessions to play; by default each of the 126 mobile traces once, more continue with the FCC traces. */
  readonly count?: number | undefined
  readonly ingestKey?: string | undefined
  /**
   * How traced players send their telemetry: in CMCD's event mode, the default, or as JSON. The events are the same.
   */
  readonly cmcd?: boolean | undefined
  /** Shows progress as a bar that is redrawn, instead of lines. */
  readonly terminal?: boolean
  /** Output of progress, never of the command's answer. Default: none. */
  readonly print?: (text: string) => void
  /** Stops the run early and in order; the next run resumes from there. */
  readonly signal?: AbortSignal | undefined
}

export interface ReplaySummary extends Pick<
  ClientStats,
  'accepted' | 'duplicates' | 'rejected' | 'abandoned' | 'requests' | 'retried' | 'latency'
> {
  readonly kind: ReplayKind
  /** Number of events that earlier runs had settled. */
  readonly resumedAt: number
  /** Number of events that are settled now: acknowledged and journalled, or rejected. */
  readonly settled: number
  /** Whether the end of the data, or `limit`, was reached. */
  readonly done: boolean
  readonly seconds: number
  readonly eventsPerSecond: number
}

/** Sends a public data set through the collector; resumes where an interrupted run stopped. */
export async function runReplay(context: RoleContext, options: ReplayOptions): Promise<ReplaySummary> {
  const speed = readSpeed(options.speed ?? 'max')
  const { source: kind } = options
  if (!isReplayKind(kind)) throw fail('REPLAY_KIND_UNKNOWN', { kind })
  const { dataDir } = context.config
  const lock = takeLock(join(dataDir, 'replay', `${kind}.lock`))
  if (!lock.held) throw fail('REPLAY_BUSY', { pid: lock.holder.pid, kind })
  try {
    return await replay(context, options, await openSource(kind, options, dataDir), speed)
  } finally {
    lock.release()
  }
}

function openSource(kind: ReplayKind, { from, count }: ReplayOptions, dataDir: string): Promise<ReplaySource> {
  switch (kind) {
    case 'movielens':
      return openMovielens(from)
    case 'experiment':
      return openExperiment(from)
    case 'interactions':
      return openInteractions(from)
    case 'traces':
      return openTraces(from, { count, totalsPath: join(dataDir, 'journal', kind, 'totals.ndjson') })
  }
}

async function replay(
  { config, clock, logger }: RoleContext,
  options: ReplayOptions,
  source: ReplaySource,
  speed: number,
): Promise<ReplaySummary> {
  const { kind } = source
  const { terminal = false, print = () => {}, collectorUrl, limit = Infinity, ingestKey = '', cmcd = true } = options
  const checkpointPath = join(config.dataDir, 'replay', `${kind}.json`)
  const from = resumeAt(await readCheckpoint(checkpointPath), source.fingerprint)
  if (from > 0) logger.info({ kind, from }, 'the replay goes on where the last one stopped')
  const start = clock.now()
  const refusal = new AbortController()
  const client = createClient({
    url: collectorUrl,
    clock,
    random: unpredictable(),
    producer: kind,
    cmcd,
    journalDir: join(config.dataDir, 'journal'),
    ingestKey,
    // A request that is refused as a whole is a configuration fault: continuing would lose a data set.
    onError: (error) => refusal.abort(error),
  })
  const progress = openProgress(`replay ${kind}`, { clock, terminal, print })
  let settled = from
  let ended = false
  const state = () => {
    const { accepted, duplicates } = client.stats()
    return { events: accepted + duplicates, resumed: from, fraction: ended ? 1 : source.fraction() }
  }
  const write = (done: boolean) =>
    writeCheckpoint(checkpointPath, { fingerprint: source.fingerprint, position: settled, done })
  const onSettled = async (position: number): Promise<void> => {
    // The refused events were released too: the position must not pass them.
    if (refusal.signal.aborted) return
    settled = position
    await write(false)
  }
  const signal = options.signal === undefined ? refusal.signal : AbortSignal.any([options.signal, refusal.signal])
  try {
    await runSource({
      source,
      client,
      clock,
      from,
      limit,
      speed,
      signal,
      onSettled,
      onProgress: () => progress.show(state()),
    })
    ended = !signal.aborted
  } finally {
    // The next run sends events again that are not acknowledged so far.
    await client.close(ended ? undefined : 0)
    progress.end(state())
  }
  if (refusal.signal.aborted) throw refusal.signal.reason as PlayloopError
  if (ended) await write(true)
  await source.settled?.(settled)
  const seconds = (clock.now() - start) / 1_000
  const { accepted, duplicates, rejected, abandoned, requests, retried, latency } = client.stats()
  return {
    kind,
    resumedAt: from,
    settled,
    done: ended,
    accepted,
    duplicates,
    rejected,
    abandoned,
    requests,
    retried,
    latency,
    seconds,
    eventsPerSecond: Math.round((settled - from) / Math.max(seconds, 0.001)),
  }
}
