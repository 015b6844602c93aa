/**
 * Days in which nothing is wrong: evenings come and go, and three days before the end a version is released and
 * adopted.
 */
import { advance, DEFAULTS, emptyMonitor, titleOf, type MonitorState } from '../../models/detect/index.ts'
import { sampleMinutes } from '../../models/detect/samples.ts'
import { DAY_MS } from '../../platform/time.ts'
import { ticksOf } from './world.ts'

const LIVE_FROM = Date.UTC(2026, 10, 22)
const EVERY_MS = 20_000
/** Told once a minute: the days pass faster, and no figure is about seconds here. */
const INTERVAL_MS = 60_000

export function quietDays({ seed, days, sessionsPerDay }: { seed: number; days: number; sessionsPerDay: number }): {
  incidents: string[]
  attemptsPerMinute: number
} {
  let state = emptyMonitor('world')
  let [told, known] = [0, 0]
  for (const { at, minutes } of ticksOf({
    seed,
    scenario: [],
    sessionsPerDay,
    liveFrom: LIVE_FROM,
    beforeMs: days * DAY_MS,
    afterMs: 0,
    everyMs: EVERY_MS,
    intervalMs: INTERVAL_MS,
  })) {
    state = advance(state, { at, minutes }, DEFAULTS).state
    for (const line of linesOf(state).slice(known, (known = state.incidents.all.length)))
      process.stderr.write(`false: ${line}\n`)
    if (at - told >= DAY_MS / 4) {
      told = at
      process.stderr.write(
        `${new Date(at).toISOString()} ${state.incidents.all.length} incidents, dispersion ${state.detector.dispersion.map((value) => Math.round(value * 10) / 10).join(' ')}\n`,
      )
    }
  }
  return { incidents: linesOf(state), attemptsPerMinute: Math.round(sessionsPerDay / 1440) }
}

/**
 * The same on generated cells, which are larger for the same work: no playback is simulated, every minute is told once.
 */
export function generatedDays({ seed, days, attempts }: { seed: number; days: number; attempts: number }): string[] {
  const from = LIVE_FROM - days * DAY_MS
  let state = emptyMonitor('generated')
  const rollout = { version: '9.6.0', from: from + DAY_MS, minutes: 2 * 1440 }
  for (const { minute, at, cells } of sampleMinutes({
    seed,
    from,
    minutes: days * 1440,
    attempts,
    evening: true,
    rollout,
  })) {
    state = advance(state, { at, minutes: [{ minute, cells }] }, DEFAULTS).state
  }
  return linesOf(state)
}

const linesOf = ({ incidents }: MonitorState): string[] =>
  incidents.all.map(
    (incident) =>
      `${new Date(incident.start).toISOString()} ${titleOf(incident)} (${incident.metrics.join(', ')}), x${incident.evidence[0]?.inside.toFixed(1)}, ${incident.affectedSessions} sessions`,
  )
