/** One planted fault in one world: when it is found, and under which name. */
import { valuesOf } from '../../models/detect/cells.ts'
import { isExcess } from '../../models/detect/evidence.ts'
import {
  advance,
  DEFAULTS,
  describeCause,
  emptyMonitor,
  METRICS,
  titleOf,
  within,
  type Cause,
  type MinuteCell,
} from '../../models/detect/index.ts'
import { addTo, ATTEMPTS, emptyTally, tallyOf } from '../../models/detect/metrics.ts'
import { MINUTE_MS } from '../../platform/time.ts'
import type { FaultSpec } from '../../producers/simulator/faults.ts'
import { ticksOf, type Tick } from './world.ts'

export interface FaultResult {
  readonly fault: string
  /** In the planted cell, in the ten minutes before. */
  readonly attemptsPerMinute: number
  readonly found: boolean
  /** The cause when it was found, and at the end of the fault. */
  readonly cause: string
  readonly later: string
  readonly right: boolean
  readonly rightLater: boolean
  /**
   * From the fault's start, and from the first moment at which its cell shows an excess to one who knows where to look.
   */
  readonly delayS: number
  readonly afterExcessS: number
  /** Incidents before the fault, and others during it. */
  readonly before: number
  readonly besides: readonly string[]
}

/** Two in the morning in Greenwich: evening in the Americas, night in Europe. */
const LIVE_FROM = Date.UTC(2026, 10, 20, 2)
const BEFORE_MS = 26 * MINUTE_MS
const LASTS_MS = 5 * MINUTE_MS
const EVERY_MS = 5_000
const COARSE_MS = 30_000

interface Plan {
  readonly name: string
  readonly spec: FaultSpec
  readonly cause: Cause
  /** Enough for 50 attempts a minute in the planted cell. */
  readonly sessionsPerDay: number
}

const base = { id: 'planted', startMs: 0, endMs: LASTS_MS }
const HOWS = ['503', 'refuse', 'hang'] as const

/** By turns: an operator degrades, an OCA dies that serves all operators of its country, a version regresses. */
function planOf(seed: number): Plan {
  const turn = Math.floor(seed / 3)
  if (seed % 3 === 0) {
    const asn = 64_512 + (turn % 2)
    return {
      name: `isp ${asn}`,
      spec: { ...base, kind: 'isp-degrades', asn, throughputPermille: 40, extraLatencyMs: 120 },
      cause: { asn: String(asn) },
      sessionsPerDay: 650_000,
    }
  }
  if (seed % 3 === 1) {
    const [oca, how] = [`c00${1 + (turn % 2)}.iad001.ix`, HOWS[turn % 3]!]
    return {
      name: `oca ${oca} ${how}`,
      spec: { ...base, kind: 'oca-dies', ocas: [oca], how, noticedAfterMs: 30 * MINUTE_MS },
      cause: { oca },
      sessionsPerDay: 850_000,
    }
  }
  const devices = turn % 2 === 0 ? undefined : ['tv']
  const cause: Cause = devices === undefined ? { app_version: '9.5.0' } : { app_version: '9.5.0', device: 'tv' }
  return {
    name: `app ${describeCause(cause)}`,
    spec: {
      ...base,
      kind: 'app-regresses',
      appVersion: '9.5.0',
      ...(devices === undefined ? {} : { devices }),
      extraStartupMs: 2_500,
      fatalPermille: 60,
    },
    cause,
    sessionsPerDay: 350_000,
  }
}

export function faultOf(seed: number): FaultResult {
  const plan = planOf(seed)
  const watch = createWatch(plan.cause)
  let state = emptyMonitor('world')
  let found: { at: number; cause: string } | undefined
  for (const tick of ticksOf({
    seed,
    scenario: [plan.spec],
    sessionsPerDay: plan.sessionsPerDay,
    liveFrom: LIVE_FROM,
    beforeMs: BEFORE_MS,
    afterMs: LASTS_MS,
    everyMs: EVERY_MS,
    coarseMs: COARSE_MS,
  })) {
    watch.take(tick)
    state = advance(state, { at: tick.at, minutes: tick.minutes }, DEFAULTS).state
    const first = state.incidents.all.find((incident) => incident.found > LIVE_FROM)
    if (found === undefined && first !== undefined) found = { at: tick.at, cause: describeCause(first.cause) }
  }
  const incidents = state.incidents.all.filter((incident) => incident.found > LIVE_FROM)
  const [wanted, later] = [
    describeCause(plan.cause),
    incidents[0] === undefined ? '' : describeCause(incidents[0].cause),
  ]
  return {
    fault: plan.name,
    attemptsPerMinute: watch.attemptsPerMinute(),
    found: found !== undefined,
    cause: found?.cause ?? '',
    later,
    right: found?.cause === wanted,
    rightLater: later === wanted,
    delayS: ((found?.at ?? Infinity) - LIVE_FROM) / 1000,
    afterExcessS: Math.max(0, ((found?.at ?? Infinity) - (watch.firstExcess() ?? LIVE_FROM)) / 1000),
    before: state.incidents.all.length - incidents.length,
    besides: incidents.slice(1).map(titleOf),
  }
}

/** Looks at the planted cell alone. */
function createWatch(cause: Cause): {
  take(tick: Tick): void
  attemptsPerMinute(): number
  firstExcess(): number | undefined
} {
  const minutes = new Map<number, readonly MinuteCell[]>()
  let first: number | undefined
  const sum = (from: number, to: number): number[] => {
    const total = emptyTally()
    for (const [minute, cells] of minutes)
      if (minute >= from && minute < to)
        for (const cell of cells) if (within(valuesOf(cell), cause)) addTo(total, tallyOf(cell))
    return total
  }
  return {
    take({ at, minutes: changed }) {
      for (const { minute, cells } of changed) minutes.set(minute, cells)
      if (first !== undefined || at <= LIVE_FROM) return
      const [usual, now] = [sum(LIVE_FROM - 11 * MINUTE_MS, LIVE_FROM - MINUTE_MS), sum(LIVE_FROM, Infinity)]
      if (
        METRICS.some(({ dispersion: [lump] }, m) =>
          isExcess(now[2 * m]!, (usual[2 * m]! / Math.max(1, usual[2 * m + 1]!)) * now[2 * m + 1]!, lump),
        )
      )
        first = at
    },
    attemptsPerMinute: () => Math.round(sum(LIVE_FROM - 11 * MINUTE_MS, LIVE_FROM - MINUTE_MS)[ATTEMPTS]! / 10),
    firstExcess: () => first,
  }
}
