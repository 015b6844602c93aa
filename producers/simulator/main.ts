import { join } from 'node:path'
import { unpredictable } from '../../platform/random.ts'
import type { RoleContext, RunningRole } from '../../platform/role.ts'
import { createClient, type Client, type ClientStats } from '../client/index.ts'
import type { Catalogue } from './catalogue.ts'
import { loadFor } from './load.ts'
import { readMovies } from './movies.ts'
import { leave, pace } from './pace.ts'
import type { WorldOptions } from './scene.ts'
import { writeTruth } from './truth-file.ts'
import { World, type WorldCounts, type WorldTruth } from './world.ts'

export interface StartWorldOptions extends Partial<
  Omit<WorldOptions, 'movies' | 'films' | 'liveFrom' | 'liveSessionsPerSecond'>
> {
  readonly collectorUrl: string
  readonly seed: number | string
  /** World seconds per second; 0 means as fast as possible. */
  readonly speed: number
  /** Target events per second of the live world; it determines, with the speed, the number of viewers. */
  readonly rate?: number
  /** Journal of acknowledged ids: `<journalDir>/world/<topic>.ids`. */
  readonly journalDir: string
  readonly ingestKey?: string
  /** Source of the films, queried once; by default the films of `movies.ts`. */
  readonly catalogue?: Catalogue
  /** How players send their telemetry: in CMCD's event mode, the default, or as JSON. The events are the same. */
  readonly cmcd?: boolean
}

export interface WorldStats extends ClientStats {
  /** Ms since the epoch, on the world's clock. */
  readonly worldTime: number
  readonly phase: 'backfill' | 'live'
  /** Share of the past that has been sent, 0-1. */
  readonly backfilled: number
  readonly world: Readonly<WorldCounts>
}

/** Starts the simulated world: sends its past, then runs live, through a client as real players use it. */
export async function startWorld(
  ctx: RoleContext,
  options: StartWorldOptions,
): Promise<RunningRole & { stats(): WorldStats; truth(): WorldTruth }> {
  const { clock, logger, config } = ctx
  const { collectorUrl, journalDir, speed, ingestKey, cmcd = true } = options
  const client = createClient({
    url: collectorUrl,
    clock,
    random: unpredictable(),
    producer: 'world',
    cmcd,
    journalDir,
    maxBatch: 500,
    lingerMs: 100,
    ...(ingestKey === undefined ? {} : { ingestKey }),
    onError: (error) => logger.warn({ code: error.code, error: error.message }, 'the collector refused a request'),
  })
  const outlet = {
    open: true,
    ready: async () => {
      await client.ready()
      outlet.open = true
    },
  }
  const films = await options.catalogue?.films()
  const world = new World(
    {
      movies: readMovies(),
      liveFrom: clock.now(),
      ...loadFor(options),
      ...options,
      ...(films === undefined ? {} : { films }),
    },
    (topic, event) => {
      outlet.open = client.send(topic, event)
    },
  )
  const truthDir = join(config.dataDir, 'world')
  writeTruth(truthDir, world.truth())
  const stopping = new AbortController()
  const report = gauges(ctx, world)
  const done = pace(world, outlet, {
    clock,
    speed: speed === 0 ? Infinity : speed,
    liveFrom: world.scene.liveFrom,
    signal: stopping.signal,
    onSlice: report,
  })
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    stopping.abort()
    await done
    await leave(world.closing(), outlet, clock)
    await client.close()
    writeTruth(truthDir, world.truth())
  }
  return { done, stop: () => (stopped ??= stop()), truth: () => world.truth(), stats: () => statsOf(world, client) }
}

function statsOf(world: World, client: Client): WorldStats {
  const { from, liveFrom } = world.scene
  const backfilled = liveFrom === from ? 1 : Math.min(1, (world.now - from) / (liveFrom - from))
  return {
    ...client.stats(),
    worldTime: world.now,
    phase: world.now < liveFrom ? 'backfill' : 'live',
    backfilled,
    world: { ...world.counts },
  }
}

function gauges({ metrics }: RoleContext, world: World): () => void {
  const time = metrics.gauge('playloop_world_time_seconds', "The world's own clock, seconds since the epoch.")
  const playing = metrics.gauge('playloop_world_playing_sessions', 'Sessions under way in the world.')
  const events = metrics.gauge('playloop_world_events', 'Events that happened in the world so far.')
  return () => {
    time.set(world.now / 1000)
    playing.set(world.counts.playing)
    events.set(world.counts.events)
  }
}
