/**
 * Faults that are planted in the world, as data, and what is true of them: detectors are checked against this.
 *
 * Times are relative to the moment the world goes live, ms: negative ones lie in the back-filled past.
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
  /** What is left of the throughput, per mille. */
  readonly throughputPermille: number
  readonly extraLatencyMs: number
}

export interface OcaDies extends Planted {
  readonly kind: 'oca-dies'
  /** OCAs by name, or all of a site by its name. */
  readonly ocas: readonly string[]
  readonly how: 'refuse' | 'hang' | '503'
  /** Steering leaves it out this long after its death, and takes it up again this long after its return, ms. */
  readonly noticedAfterMs: number
}

export interface AppRegresses extends Planted {
  readonly kind: 'app-regresses'
  readonly appVersion: string
  /** Device classes; all when left out. */
  readonly devices?: readonly string[]
  readonly extraStartupMs: number
  /** Sessions that fail a little after their start, per mille. */
  readonly fatalPermille: number
}

export interface ArmImprovesStartup extends Planted {
  readonly kind: 'arm-improves-startup'
  readonly experiment: string
  readonly variation: number
  /** What is left of the player's own start-up time, per mille. */
  readonly startupPermille: number
}

/** A variation that helps most and takes from those who have least: what an average does not show. */
export interface ArmStarvesSlowLines extends Planted {
  readonly kind: 'arm-starves-slow-lines'
  readonly experiment: string
  readonly variation: number
  /** Households whose line carries less, kbit/s. */
  readonly belowKbps: number
  /** What is left of their throughput, per mille. */
  readonly throughputPermille: number
}

export type FaultSpec = IspDegrades | OcaDies | AppRegresses | ArmImprovesStartup | ArmStarvesSlowLines
export type Scenario = readonly FaultSpec[]

/** A fault in the world's own time, with the sessions it truly touched so far. */
export type PlantedTruth = FaultSpec & { readonly from: number; readonly to: number; readonly sessions: number }

export class Faults {
  private readonly all: { readonly spec: FaultSpec; readonly from: number; readonly to: number; sessions: number }[]

  constructor(scenario: Scenario, liveFrom: number) {
    this.all = scenario.map((spec) => ({ spec, from: liveFrom + spec.startMs, to: liveFrom + spec.endMs, sessions: 0 }))
  }

  /** Faults of a kind that touch [from, to) and satisfy `when`, with their bounds. */
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
  /** Counts a session that met it. */
  readonly touch: () => void
}

type Entry<K extends FaultSpec['kind']> = { readonly spec: Extract<FaultSpec, { kind: K }> }
const isOf = <K extends FaultSpec['kind']>(
  fault: { readonly spec: FaultSpec },
  kind: K,
): fault is { readonly spec: FaultSpec } & Entry<K> => fault.spec.kind === kind

/**
 * What happens unless told otherwise: each kind once in the past, and an operator and a site in the first minutes of
 * live time.
 */
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
