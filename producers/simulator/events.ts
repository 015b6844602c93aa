/** Events as the parties of the world send them. */
import type { Random } from '../../platform/random.ts'
import type { ExperimentExposureInput, TopicInputs, ViewerActionInput } from '../../schemas/generated/inputs.ts'
import { idsFrom } from '../player/index.ts'
import { versionOn } from './apps.ts'
import { assign, EXPERIMENTS, type Experiment } from './experiments.ts'
import type { Device, Household, Profile } from './population.ts'
import { WORLD_CLOCK } from './clock.ts'

export type Topic = keyof TopicInputs
export type EventOf<T extends Topic> = TopicInputs[T]
/** Takes an event, which already has its id. */
export type Emit = <T extends Topic>(topic: T, event: EventOf<T>) => void

/** A viewer at a device. */
export interface Visitor {
  readonly household: Household
  readonly profile: Profile
  readonly device: Device
  readonly appVersion: string
  /** The device's clock minus the world's, ms: constant from the start of the application. */
  readonly offsetMs: number
  readonly newId: (at: number) => string
}

export function visitor(
  household: Household,
  profile: Profile,
  device: Device,
  at: number,
  liveFrom: number,
  random: Random,
): Visitor {
  const offsetMs = device.clockOffsetMs + Math.round(((at - liveFrom) * device.driftPpm) / 1e6)
  return { household, profile, device, appVersion: versionOn(device, at - liveFrom), offsetMs, newId: idsFrom(random) }
}

export type ActionDetails = Omit<ViewerActionInput, 'clock' | 'event_time' | 'profile_id' | 'action'>

export function actionEvent(who: Visitor, at: number, action: string, details: ActionDetails): ViewerActionInput {
  const { household, profile, device, appVersion, offsetMs } = who
  return {
    event_id: who.newId(at + offsetMs),
    clock: WORLD_CLOCK,
    event_time: at + offsetMs,
    profile_id: profile.id,
    household_id: household.id,
    action,
    country: household.country.code,
    region: household.region.code,
    device: device.kind,
    app_version: appVersion,
    language: household.country.language,
    ...details,
  }
}

export const isRunning = (experiment: Experiment, at: number, liveFrom: number): boolean =>
  at >= liveFrom + experiment.fromMs

/** The variation of an experiment that a visitor is in; 0 if it does not run yet. */
export function variationOf(id: string, who: Visitor, at: number, liveFrom: number): number {
  const experiment = EXPERIMENTS.find((candidate) => candidate.id === id)
  return experiment !== undefined && isRunning(experiment, at, liveFrom)
    ? assign(experiment, unitOf(experiment, who)).variation
    : 0
}

const unitOf = (experiment: Experiment, { profile, household }: Visitor): string =>
  experiment.unit === 'profile' ? profile.id : household.id

/** Exposures to the running experiments that apply at a place. */
export function exposures(
  who: Visitor,
  at: number,
  liveFrom: number,
  metAt: Experiment['metAt'],
  sessionId: string,
): ExperimentExposureInput[] {
  const { household, profile, device, appVersion, offsetMs } = who
  return EXPERIMENTS.filter((experiment) => experiment.metAt === metAt && isRunning(experiment, at, liveFrom)).map(
    (experiment) => {
      const { variation, bucketPpm } = assign(experiment, unitOf(experiment, who))
      return {
        event_id: who.newId(at + offsetMs),
        clock: WORLD_CLOCK,
        event_time: at + offsetMs,
        unit_type: experiment.unit,
        unit_id: unitOf(experiment, who),
        experiment_id: experiment.id,
        phase: 0,
        variation,
        variation_key: experiment.variations[variation]!,
        feature_key: experiment.id,
        hash_attribute: experiment.unit,
        hash_version: 2,
        bucket_ppm: bucketPpm,
        source: 'sdk',
        session_id: sessionId,
        profile_id: profile.id,
        household_id: household.id,
        device_id: device.id,
        country: household.country.code,
        region: household.region.code,
        asn: household.isp.asn,
        device: device.kind,
        app_version: appVersion,
      }
    },
  )
}
