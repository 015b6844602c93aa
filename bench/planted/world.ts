/**
 * A world with experiments, told in short: the last record of each segment, which holds all that was counted in it,
 * with actions and exposures.
 */
import { DAY_MS } from '../../platform/time.ts'
import type { PlaybackTelemetryInput } from '../../producers/player/index.ts'
import type { FaultSpec } from '../../producers/simulator/faults.ts'
import { readMovies } from '../../producers/simulator/movies.ts'
import { World } from '../../producers/simulator/world.ts'
import type { ExperimentExposureInput, ViewerActionInput } from '../../schemas/generated/inputs.ts'

/** Both experiments have run for three weeks or more when it is live, and two weeks were told before. */
const BACKFILL_DAYS = 42
export const LIVE_FROM = Date.UTC(2026, 5, 1)
/**
 * A country of slow lines: among those of others, a few in a hundred units would be slow, and nothing could be said of
 * them.
 */
const LINES = 0.2
const DETAIL = {
  intervalMs: 120_000,
  pagePermille: 300,
  decisionPermille: 0,
  requestPermille: 0,
  progressMs: 0,
  reportMs: 30 * DAY_MS,
}

export interface Told {
  readonly telemetry: readonly PlaybackTelemetryInput[]
  readonly actions: readonly ViewerActionInput[]
  readonly exposures: readonly ExperimentExposureInput[]
}

const movies = readMovies()

/** In pieces of a day, so that nobody holds six weeks of it. */
export function* tellWorld(seed: number, scenario: readonly FaultSpec[], sessionsPerDay: number): Generator<Told> {
  let segments = new Map<string, PlaybackTelemetryInput>()
  let [actions, exposures]: [ViewerActionInput[], ExperimentExposureInput[]] = [[], []]
  const world = new World(
    {
      seed,
      movies,
      scenario,
      sessionsPerDay,
      liveFrom: LIVE_FROM,
      backfillDays: BACKFILL_DAYS,
      households: sessionsPerDay,
      lines: LINES,
      live: DETAIL,
      backfill: DETAIL,
    },
    (topic, event) => {
      if (topic === 'viewer.actions') actions.push(event as ViewerActionInput)
      else if (topic === 'experiment.exposures') exposures.push(event as ExperimentExposureInput)
      else if (topic === 'playback.telemetry') {
        const record = event as PlaybackTelemetryInput
        const key = `${record.session_id}/${record.instance}/${record.segment}`
        if ((segments.get(key)?.seq ?? -1) <= record.seq) segments.set(key, record)
      }
    },
  )
  for (let now = LIVE_FROM - BACKFILL_DAYS * DAY_MS + DAY_MS; now <= LIVE_FROM; now += DAY_MS) {
    world.runUntil(now)
    yield { telemetry: [...segments.values()], actions, exposures }
    ;[segments, actions, exposures] = [new Map(), [], []]
  }
}
