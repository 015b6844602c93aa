/**
 * Incidents: findings over time. A pure reducer: the same findings in the same order give the same incidents. A cause
 * has one incident, whatever metrics show it. Operators' actions on incidents are kept separately (operators.ts).
 */
import { describeCause, groupOf, singlesOf, type Cause } from './cells.ts'
import type { CauseEvidence } from './cause.ts'

/**
 * One cause at one moment, with the metrics that show it. Made by monitor.ts from signals, or from a threshold rule.
 */
export interface Finding {
  readonly cause: Cause
  readonly kind: 'anomaly' | 'threshold'
  /** For a threshold: the name of its rule. */
  readonly rule?: string
  /** Metrics with an excess inside the cause; the one that shows it best is first. */
  readonly metrics: readonly string[]
  /** First excess, ms: a minute's start. */
  readonly since: number
  readonly evidence: readonly CauseEvidence[]
  /** Events / trials of the first metric in the newest minute with an excess. */
  readonly rate: number
  readonly usualRate: number
  /** Sessions hit in excess, by minute, for the open minutes. */
  readonly affected: readonly Affected[]
  /** Ongoing causes that explain this one: most of their sessions lie in this set, or moved to it. */
  readonly shadows: readonly Cause[]
}

/** `once`: sessions that can be hit only once; `again`: sessions that may be the same as in other minutes. */
export interface Affected {
  readonly minute: number
  readonly once: number
  readonly again: number
}

export interface Incident {
  /** `CLOCK-NUMBER`; numbers start at 1 for each clock. */
  readonly id: string
  readonly number: number
  readonly clock: string
  /** 'threshold' while only fixed limits show it. */
  readonly kind: Finding['kind']
  /** Names of the threshold rules that it broke. */
  readonly rules: readonly string[]
  /** The metric that showed it first. */
  readonly metric: string
  readonly metrics: readonly string[]
  readonly cause: Cause
  readonly evidence: readonly CauseEvidence[]
  /** First excess. */
  readonly start: number
  /** When it was found, ms of the clock. */
  readonly found: number
  /** Latest moment with an excess. */
  readonly latest: number
  /** Null while it is ongoing. */
  readonly end: number | null
  /** Estimate of the excess: sessions hit that would not have been hit without the incident. */
  readonly affectedSessions: number
  /** Terms of `affectedSessions`: the latest minutes, and the sums of those before. */
  readonly affected: readonly Affected[]
  readonly affectedBefore: Affected
  readonly peak: { readonly at: number; readonly rate: number; readonly usualRate: number }
}

export interface Incidents {
  readonly all: readonly Incident[]
  /** Next incident number, from 1. */
  readonly next: number
}

export const NO_INCIDENTS: Incidents = { all: [], next: 1 }

export interface Observation {
  readonly clock: string
  readonly at: number
  readonly findings: readonly Finding[]
  readonly calmMs: number
  /** Maximum number of incidents kept. */
  readonly most: number
}

export function observe(incidents: Incidents, { at, findings, clock, calmMs, most }: Observation): Incidents {
  let { all, next } = incidents
  for (const finding of findings) {
    const known = all.find(
      (incident) => incident.clock === clock && incident.end === null && sameIncident(incident, finding),
    )
    if (known !== undefined)
      all = all.map((incident) => (incident === known ? updated(incident, finding, at) : incident))
    else if (!isUnclear(finding, at)) all = [...all, opened(finding, clock, at, next++)]
  }
  all = all.map((incident) =>
    incident.clock === clock && incident.end === null && at - incident.latest >= calmMs
      ? { ...incident, end: incident.latest }
      : incident,
  )
  return { next, all: bounded(all, most) }
}

/** Nats by which a cause must lead before it is named: e² to one. */
const LEAD = 2
/** Maximum delay for an unclear cause, ms after the start of the first minute with an excess. */
const MAX_DOUBT_MS = 45_000

/**
 * Few events fit several causes almost equally: naming the cause, which operators act on, is delayed some seconds until
 * there are more. A cause with the same events under another name is not a rival.
 */
function isUnclear({ kind, evidence: [first, ...others], since }: Finding, at: number): boolean {
  if (kind === 'threshold' || first === undefined || at - since >= MAX_DOUBT_MS) return false
  const rival = others.find(({ events, expected }) => events !== first.events || expected !== first.expected)
  return rival !== undefined && first.score - rival.score < LEAD
}

/**
 * The same incident: causes that are equal or share a value, or a wider set that shows the effect of the cause (its
 * clients, served elsewhere). "Everything" and a named cause match only if both are thresholds or both anomalies: a
 * limit that everything breaks for days must not absorb every anomaly.
 */
function sameIncident({ cause, kind }: Incident, finding: Finding): boolean {
  const [known, found] = [groupOf(cause), groupOf(finding.cause)]
  if (known === found) return true
  if (known === '' || found === '') return kind === finding.kind
  const shared = singlesOf(known).filter((value) => singlesOf(found).includes(value))
  return shared.length > 0 || finding.shadows.some((each) => groupOf(each) === known)
}

const rulesOf = (known: readonly string[], { rule }: Finding): readonly string[] =>
  rule === undefined || known.includes(rule) ? known : [...known, rule]

function opened(finding: Finding, clock: string, at: number, number: number): Incident {
  const affected = withAffected([], NOBODY, finding.affected)
  return {
    id: `${clock}-${number}`,
    number,
    clock,
    kind: finding.kind,
    rules: rulesOf([], finding),
    metric: finding.metrics[0]!,
    metrics: finding.metrics,
    cause: finding.cause,
    evidence: finding.evidence,
    start: finding.since,
    found: at,
    latest: at,
    end: null,
    ...affected,
    peak: { at, rate: finding.rate, usualRate: finding.usualRate },
  }
}

/** The evidence for "everything" must be this many times as strong to replace a named cause. */
const CLEARLY = 2

/**
 * Whether a finding may rename the incident: a set that shares a value with the cause and has stronger evidence may. A
 * set that only shows the effect of the cause may not: when an OCA is dead its errors cease, while its clients start
 * slowly elsewhere.
 */
function renames({ cause, evidence }: Incident, finding: Finding): boolean {
  const [known, found] = [groupOf(cause), groupOf(finding.cause)]
  const [before, now] = [evidence[0]?.score ?? 0, finding.evidence[0]?.score ?? 0]
  if (found === '' && known !== '') return now > CLEARLY * before
  return now > before && (known === '' || singlesOf(known).some((value) => singlesOf(found).includes(value)))
}

function updated(incident: Incident, finding: Finding, at: number): Incident {
  const better = renames(incident, finding)
  const same = groupOf(finding.cause) === groupOf(incident.cause)
  // A better cause replaces the affected sessions by its own; a worse one adds none.
  const affected =
    same || better
      ? withAffected(same ? incident.affected : [], same ? incident.affectedBefore : NOBODY, finding.affected)
      : {}
  const { peak } = incident
  return {
    ...incident,
    ...(better ? { cause: finding.cause, evidence: finding.evidence } : {}),
    latest: at,
    start: Math.min(incident.start, finding.since),
    kind: incident.kind === finding.kind ? incident.kind : 'anomaly',
    rules: rulesOf(incident.rules, finding),
    metrics: [...new Set([...incident.metrics, ...finding.metrics])],
    ...affected,
    peak:
      finding.metrics[0] === incident.metric && finding.rate > peak.rate
        ? { at, rate: finding.rate, usualRate: finding.usualRate }
        : peak,
  }
}

const NOBODY: Affected = { minute: -1, once: 0, again: 0 }
const MINUTES_KEPT = 10

/**
 * Newer values of a minute replace older ones; the oldest minutes are summed. Of sessions that can be hit repeatedly,
 * the largest minute counts.
 */
function withAffected(
  known: readonly Affected[],
  before: Affected,
  news: readonly Affected[],
): Pick<Incident, 'affected' | 'affectedBefore' | 'affectedSessions'> {
  const byMinute = new Map(
    [...known, ...news].filter(({ minute }) => minute > before.minute).map((each) => [each.minute, each]),
  )
  const all = [...byMinute.values()].sort((a, b) => a.minute - b.minute)
  const old = all.splice(0, Math.max(0, all.length - MINUTES_KEPT))
  const affectedBefore = old.reduce(
    (sum, { minute, once, again }) => ({ minute, once: sum.once + once, again: Math.max(sum.again, again) }),
    before,
  )
  const once = all.reduce((sum, each) => sum + each.once, affectedBefore.once)
  return {
    affected: all,
    affectedBefore,
    affectedSessions: Math.round(Math.max(once, affectedBefore.again, ...all.map(({ again }) => again))),
  }
}

/** Drops ended incidents first, oldest first. */
function bounded(all: readonly Incident[], most: number): readonly Incident[] {
  if (all.length <= most) return all
  const surplus = new Set(all.filter(({ end }) => end !== null).slice(0, all.length - most))
  return all.filter((incident) => !surplus.has(incident)).slice(-most)
}

/** Ongoing incidents: the cells they affect are not learned from. */
export const ongoing = ({ all }: Incidents, clock: string): readonly Incident[] =>
  all.filter((incident) => incident.clock === clock && incident.end === null)

export const titleOf = ({ metric, cause }: Incident): string => `${metric}: ${describeCause(cause)}`
