/** Detector, cause search and incidents as one reducer: minutes in, incidents out. One instance for each clock. */
import { UNSEEN } from './baseline.ts'
import { rankCauses, type CauseEvidence, type Rows } from './cause.ts'
import { groupOf, groupsOf, orderOf, valuesOfKey, within, type Cause } from './cells.ts'
import { cameFrom } from './displaced.ts'
import { detect, emptyDetector, excessRows, type DetectorState, type Signal } from './detector.ts'
import { bestGain, isExcess, threshold } from './evidence.ts'
import {
  NO_INCIDENTS,
  observe,
  ongoing,
  type Affected,
  type Finding,
  type Incident,
  type Incidents,
} from './incidents.ts'
import { ATTEMPTS, CONCURRENT, METRICS } from './metrics.ts'
import { MINUTE_MS, type MinuteOfCells } from './minutes.ts'
import type { Options } from './options.ts'
import { overThreshold } from './thresholds.ts'

export interface MonitorState {
  readonly clock: string
  readonly detector: DetectorState
  readonly incidents: Incidents
}

export interface MonitorInput {
  /** Watermark of the clock, ms. */
  readonly at: number
  /** Each minute that changed, as a whole. */
  readonly minutes: readonly MinuteOfCells[]
}

export const emptyMonitor = (clock: string): MonitorState => ({
  clock,
  detector: emptyDetector(),
  incidents: NO_INCIDENTS,
})

/** `changed`: incidents that changed, for notifications. */
export function advance(
  state: MonitorState,
  input: MonitorInput,
  options: Options,
): { state: MonitorState; changed: readonly Incident[] } {
  const { clock } = state
  const open = ongoing(state.incidents, clock)
  const quarantine = open.filter(({ kind }) => kind === 'anomaly').map(({ cause }) => cause)
  const { state: detector, signals } = detect(
    state.detector,
    { minutes: input.minutes, at: input.at, quarantine },
    options,
  )
  const findings = [...anomalies(detector, signals, open, options), ...overThreshold(detector.open, options.rules)]
  const incidents = observe(state.incidents, {
    clock,
    at: input.at,
    findings,
    calmMs: options.calmMinutes * MINUTE_MS,
    most: options.mostIncidents,
  })
  return told(state, { clock, detector, incidents })
}

/** The clock was set back: the learned history belongs to another time, and open incidents end. */
export const beginAgain = ({ clock, incidents }: MonitorState): MonitorState => ({
  clock,
  detector: emptyDetector(),
  incidents: {
    ...incidents,
    all: incidents.all.map((incident) => ({ ...incident, end: incident.end ?? incident.latest })),
  },
})

/**
 * Processes minutes in order of time: closed minutes one after the other, as if they had been observed live, then the
 * open ones together. Settled minutes are skipped.
 */
export function catchUp(state: MonitorState, { at, minutes }: MonitorInput, options: Options): MonitorState {
  const past = Math.max(0, minutes.length - options.openMinutes)
  let next = state
  for (const each of minutes.slice(0, past))
    next = advance(next, { at: Math.min(at, each.minute + MINUTE_MS - 1), minutes: [each] }, options).state
  return advance(next, { at, minutes: minutes.slice(past) }, options).state
}

function told(before: MonitorState, state: MonitorState): { state: MonitorState; changed: readonly Incident[] } {
  const known = new Set(before.incidents.all)
  return { state, changed: state.incidents.all.filter((incident) => !known.has(incident)) }
}

/** Maximum causes searched at once; the remaining excess is examined when these have ended. */
const MAX_CAUSES = 3

/** Explains signals by as few causes as possible: the best, then the best for what it leaves unexplained. */
function anomalies(
  detector: DetectorState,
  signals: readonly Signal[],
  open: readonly Incident[],
  options: Options,
): Finding[] {
  const findings: Finding[] = []
  let left = signals
  if (left.length === 0) return []
  const since = Math.min(...left.map((signal) => signal.since))
  let rows: Rows = excessRows(detector, since)
  while (left.length > 0 && findings.length < MAX_CAUSES) {
    const metrics = [...new Set(left.map(({ metric }) => metric))].sort((a, b) => a - b)
    const evidence = rankCauses(rows, metrics, detector.dispersion)
    if (evidence.length === 0) break
    findings.push(findingOf(detector, evidence, left, rows, [...open, ...findings]))
    rows = new Map([...rows].filter(([key]) => !within(valuesOfKey(key), evidence[0]!.cause)))
    left = unexplained(detector, left, rows, options)
  }
  return findings
}

/** Signals that would still be alarms without the cells of the causes found so far. */
function unexplained(
  { model, dispersion }: DetectorState,
  signals: readonly Signal[],
  rows: Rows,
  { watch, margin }: Options,
): Signal[] {
  const groups = new Map<string, { events: number[]; explained: number[] }>()
  const wanted = new Set(signals.map(({ group }) => group))
  for (const [key, { tally, expected }] of rows) {
    for (const group of groupsOf(valuesOfKey(key)).filter((each) => wanted.has(each))) {
      let sums = groups.get(group)
      if (sums === undefined)
        groups.set(group, (sums = { events: METRICS.map(() => 0), explained: METRICS.map(() => 0) }))
      METRICS.forEach(({ floor }, m) => {
        sums.events[m]! += tally[2 * m]!
        sums.explained[m]! += Math.max(
          expected[m]! * (model.most[group]?.[m] ?? UNSEEN) * margin,
          tally[2 * m + 1]! * floor,
        )
      })
    }
  }
  return signals.filter(({ group, metric }) => {
    const sums = groups.get(group)
    return (
      sums !== undefined &&
      bestGain(sums.events[metric]!, sums.explained[metric]!, dispersion[metric]!) >=
        threshold(watch, orderOf(group), METRICS.length)
    )
  })
}

function findingOf(
  detector: DetectorState,
  evidence: readonly CauseEvidence[],
  signals: readonly Signal[],
  rows: Rows,
  known: readonly Pick<Incident, 'cause'>[],
): Finding {
  const { cause } = evidence[0]!
  const inside = [...rows].filter(([key]) => within(valuesOfKey(key), cause)).map(([, row]) => row)
  const sum = (of: (row: (typeof inside)[number]) => number): number =>
    inside.reduce((total, row) => total + of(row), 0)
  const shown = METRICS.map((_, m) => ({
    m,
    events: sum(({ tally }) => tally[2 * m]!),
    trials: sum(({ tally }) => tally[2 * m + 1]!),
    expected: sum(({ expected }) => expected[m]!),
  }))
  const first = shown.find(({ m }) => METRICS[m]!.name === evidence[0]!.metric)!
  const others = shown.filter(
    ({ m, events, expected }) =>
      m !== first.m &&
      signals.some(({ metric }) => metric === m) &&
      isExcess(events, expected, detector.dispersion[m]!),
  )
  const own = signals.filter(({ group }) => group === groupOf(cause))
  const strongest = (own.length > 0 ? own : signals).reduce((best, each) =>
    each.evidence > best.evidence ? each : best,
  )
  return {
    cause,
    kind: 'anomaly',
    evidence,
    metrics: [first, ...others].map(({ m }) => METRICS[m]!.name),
    since: strongest.since,
    rate: first.events / Math.max(1, first.trials),
    usualRate: first.expected / Math.max(1, first.trials),
    affected: affectedBy(detector, cause, strongest.since),
    shadows: causesOf(known).filter(
      (other) =>
        mostlyWithin(detector, other, cause) ||
        cameFrom(
          detector,
          other,
          cause,
          [first, ...others].map(({ m }) => m),
          strongest.since,
        ),
    ),
  }
}

const causesOf = (known: readonly Pick<Incident, 'cause'>[]): Cause[] => [
  ...new Map(known.map(({ cause }) => [groupOf(cause), cause])).values(),
]

/** Excess events, counted in lumps, estimate the affected sessions; never more than there were sessions. */
function affectedBy(detector: DetectorState, cause: Cause, since: number): Affected[] {
  return detector.open
    .filter(({ minute }) => minute >= since)
    .map(({ minute, leaves }) => {
      const own = [...excessRows({ ...detector, open: [{ minute, leaves }] }, minute)]
        .filter(([key]) => within(valuesOfKey(key), cause))
        .map(([, row]) => row)
      const hit = (repeats: boolean): number =>
        Math.max(
          0,
          ...METRICS.map((metric, m) =>
            metric.repeats !== repeats
              ? 0
              : own.reduce((sum, { tally, expected }) => sum + tally[2 * m]! - expected[m]!, 0) /
                detector.dispersion[m]!,
          ),
        )
      const there = own.reduce((sum, { tally }) => sum + tally[ATTEMPTS]! + tally[CONCURRENT]!, 0)
      return { minute, once: Math.min(there, hit(false)), again: Math.min(there, hit(true)) }
    })
}

const MOSTLY = 0.8

/**
 * Whether most of a cause's expected sessions lie in another set. Uses history, since a dead cause has no sessions now.
 */
function mostlyWithin({ history }: DetectorState, inner: Cause, outer: Cause): boolean {
  let [all, both] = [0, 0]
  for (const [key, tally] of Object.entries(history)) {
    const values = valuesOfKey(key)
    if (!within(values, inner)) continue
    all += tally[CONCURRENT]!
    if (within(values, outer)) both += tally[CONCURRENT]!
  }
  return all > 0 && both >= MOSTLY * all
}
