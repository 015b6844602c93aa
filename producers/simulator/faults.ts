/**
 * Planted faults as data, and the ground truth about them, against which detectors are checked.
 *
 * Times are relative to the moment the world goes live, ms: negative ones are in the back-filled past.
 */
import { DAY_MS, MINUTE_MS } from '../../platform/time.ts'

interface Planted {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
}

export interface IspDegrades extends Planted {
  readonly kind: 'isp-degrades'
  readonly asn: number
  /** Remaining share of the throughput, per mille. */
  readonly throughputPermille: number
  readonly extraLatencyMs: number
}

export interface OcaDies extends Planted {
  readonly kind: 'oca-dies'
  /** OCAs by name, or all OCAs of a site by its name. */
  readonly ocas: readonly string[]
  readonly how: 'refuse' | 'hang' | '503'
  /** Delay after which steering leaves out a dead OCA, and after which it includes a recovered one again, ms. */
  readonly noticedAfterMs: number
}

export interface AppRegresses extends Planted {
  readonly kind: 'app-regresses'
  readonly appVersion: string
  /** Device classes; all if left out. */
  readonly devices?: readonly string[]
  readonly extraStartupMs: number
  /** Sessions that fail shortly after their start, per mille. */
  readonly fatalPermille: number
}

export interface ArmImprovesStartup extends Planted {
  readonly kind: 'arm-improves-startup'
  readonly experiment: string
  readonly variation: number
  /** Remaining share of the player's own start-up time, per mille. */
  readonly startupPermille: number
}

/** A variation that helps most units and harms those with the slowest lines, which an average hides. */
export interface ArmStarvesSlowLines extends Planted {
  readonly kind: 'arm-starves-slow-lines'
  readonly experiment: string
  readonly variation: number
  /** Limit of the household's line below which it is affected, kbit/s. */
  readonly belowKbps: number
  /** Remaining share of their throughput, per mille. */
  readonly throughputPermille: number
}

export type FaultSpec = IspDegrades | OcaDies | AppRegresses | ArmImprovesStartup | ArmStarvesSlowLines
export type Scenario = readonly FaultSpec[]

/** A fault in world time, with the sessions it has affected so far. */
export type PlantedTruth = FaultSpec & { readonly from: number; readonly to: number; readonly sessions: number }

export class Faults {
  private readonly all: { readonly spec: FaultSpec; readonly from: number; readonly to: number; sessions: number }[]

  constructor(scenario: Scenario, liveFrom: number) {
    this.all = scenario.map((spec) => ({ spec, from: liveFrom + spec.startMs, to: liveFrom + spec.endMs, sessions: 0 }))
  }

  /** Faults of a kind that overlap [from, to) and satisfy `when`, with their bounds. */
  during<K extends FaultSpec['kind']>(
    kind: K,
    from: number,
    to: number,
    when: (spec: Extract<FaultSpec, { kind: K }>) => boolean,
  ): ActiveFault<K>[] {
    const found: ActiveFault<K>[] = []
    for (const fault of this.all) {
      if (!isOf(fault, kind) || fault.to <= from || fault.from >= to || !when(fault.spec)) continue
      found.push({ spec: fault.spec, from: fault.from, to: fault.to, touch: () => fault.sessions++ })
    }
    return found
  }

  truth(): PlantedTruth[] {
    return this.all.map(({ spec, from, to, sessions }) => ({ ...spec, from, to, sessions }))
  }
}

export interface ActiveFault<K extends FaultSpec['kind'] = FaultSpec['kind']> {
  readonly spec: Extract<FaultSpec, { kind: K }>
  readonly from: number
  readonly to: number
  /** Counts an affected session. */
  readonly touch: () => void
}

type Entry<K extends FaultSpec['kind']> = { readonly spec: Extract<FaultSpec, { kind: K }> }
const isOf = <K extends FaultSpec['kind']>(
  fault: { readonly spec: FaultSpec },
  kind: K,
): fault is { readonly spec: FaultSpec } & Entry<K> => fault.spec.kind === kind

/** The default scenario: each kind once in the past, and an operator and a site in the first minutes of live time. */
export const DEFAULT_SCENARIO: Scenario = [
  {
    id: 'past-isp',
    kind: 'isp-degrades',
    asn: 64_513,
    startMs: -5 * DAY_MS,
    endMs: -4 * DAY_MS,
    throughputPermille: 60,
    extraLatencyMs: 80,
  },
  {
    id: 'past-oca',
    kind: 'oca-dies',
    ocas: ['iad001.ix'],
    startMs: -2 * DAY_MS,
    endMs: -1.5 * DAY_MS,
    how: '503',
    noticedAfterMs: 0.5 * DAY_MS,
  },
  {
    id: 'past-app',
    kind: 'app-regresses',
    appVersion: '9.5.0',
    devices: ['tv'],
    startMs: -3 * DAY_MS,
    endMs: DAY_MS,
    extraStartupMs: 1_800,
    fatalPermille: 20,
  },
  {
    id: 'arm',
    kind: 'arm-improves-startup',
    experiment: 'startup-prefetch',
    variation: 1,
    startMs: -21 * DAY_MS,
    endMs: 28 * DAY_MS,
    startupPermille: 500,
  },
  {
    id: 'live-isp',
    kind: 'isp-degrades',
    asn: 64_512,
    startMs: 8 * MINUTE_MS,
    endMs: 20 * MINUTE_MS,
    throughputPermille: 40,
    extraLatencyMs: 120,
  },
  {
    id: 'live-oca',
    kind: 'oca-dies',
    ocas: ['lhr001.ix', 'gru001.ix'],
    startMs: 30 * MINUTE_MS,
    endMs: 45 * MINUTE_MS,
    how: 'hang',
    noticedAfterMs: 60_000,
  },
]
