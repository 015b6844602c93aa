import {
  compileFeatures,
  evaluateFeature,
  stickyKeys,
  type Exposure,
  type FeatureResult,
  type Features,
  type Payload,
  type StickyDocuments,
} from '../../models/experiments/assign/index.ts'

/** What playloop adds to GrowthBook's own fields of a feature (`playloop` in the payload). */
export interface ToldFeature {
  /** For an experiment: what is randomised, its phase, and the keys of its variations. */
  readonly unit?: string
  readonly phase?: number
  readonly variations?: readonly string[]
  /** Values by name, for flags with named values. */
  readonly variants?: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | null
  readonly disabled?: boolean
}

export interface Flags extends Payload {
  readonly features?: Readonly<Record<string, { readonly defaultValue?: unknown; readonly rules?: readonly unknown[] }>>
  readonly playloop?: Readonly<Record<string, ToldFeature>>
}

/** OpenFeature's details of one evaluation, in the same form for its server and browser SDKs. */
export interface Resolution<T> {
  readonly value: T
  readonly variant?: string
  readonly reason: 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'CACHED' | 'ERROR'
  readonly errorCode?: 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH' | 'PARSE_ERROR'
  readonly errorMessage?: string
  readonly flagMetadata?: Readonly<Record<string, string | number | boolean>>
}

export type Kind = 'boolean' | 'string' | 'number' | 'object'

export type Context = Readonly<Record<string, unknown>>

/** An evaluation, and the unit's sticky buckets after it: the same object if nothing changed. */
export interface Resolved<T> {
  readonly resolution: Resolution<T>
  readonly sticky: StickyDocuments | undefined
}

/**
 * Evaluates the latest flags and records which of them were evaluated: from the second evaluation on, a flag without
 * rules has the reason `CACHED`.
 */
export interface Resolver {
  /** `sticky`: the unit's buckets, if the application keeps them. */
  resolve<T>(key: string, kind: Kind, fallback: T, context: Context, sticky?: StickyDocuments): Resolved<T>
  /** Names of the buckets that an evaluation of this unit may read. */
  stickyKeys(context: Context): readonly string[]
}

export function createResolver(flags: Flags): Resolver {
  const features: Features = compileFeatures(flags)
  const answered = new Set<string>()
  return {
    stickyKeys: (context) => stickyKeys(features, attributesOf(context)),
    resolve(key, kind, fallback, context, sticky) {
      const told = flags.playloop?.[key]
      const raw = flags.features?.[key]
      const failed = (details: Omit<Resolution<typeof fallback>, 'value'>): Resolved<typeof fallback> => ({
        resolution: { value: fallback, ...details },
        sticky,
      })
      if (raw === undefined)
        return failed({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', errorMessage: `there is no flag ${key}` })
      if (told?.disabled === true) return failed({ reason: 'DISABLED', ...metadataOf(told) })
      const {
        result,
        exposures,
        sticky: next,
      } = evaluateFeature(features, key, { attributes: attributesOf(context), ...(sticky && { sticky }) })
      if (kindOf(result.value) !== kind)
        return failed({ reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage: `${key} is no ${kind}` })
      const isStatic = (raw.rules ?? []).length === 0
      const reason = isStatic
        ? answered.has(key)
          ? 'CACHED'
          : 'STATIC'
        : result.source === 'experiment'
          ? 'SPLIT'
          : result.source === 'force'
            ? 'TARGETING_MATCH'
            : 'DEFAULT'
      if (isStatic) answered.add(key)
      const variant =
        result.experimentResult?.inExperiment === true ? result.experimentResult.key : nameOf(result.value, told)
      const all = exposures.map((exposure) => exposureOf(exposure, flags, result))
      return {
        sticky: next,
        resolution: {
          value: result.value as typeof fallback,
          reason,
          ...(variant !== undefined && { variant }),
          ...metadataOf(told, result.experiment?.key ?? key, all),
        },
      }
    },
  }
}

/** The targeting key is the unit, unless the context names the id more precisely. */
const attributesOf = ({ targetingKey, ...attributes }: Context): Context => ({
  ...(targetingKey !== undefined && { id: targetingKey }),
  ...attributes,
})

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)

function nameOf(value: unknown, told: ToldFeature | undefined): string | undefined {
  const text = JSON.stringify(value)
  if (told?.variants !== undefined)
    return Object.entries(told.variants).find(([, each]) => JSON.stringify(each) === text)?.[0]
  return told?.variations?.includes(String(value)) === true ? String(value) : undefined
}

type Metadata = Readonly<Record<string, string | number | boolean>>

function exposureOf(
  { experiment: { key = '' }, result }: Exposure,
  { playloop }: Flags,
  { ruleId: rule, experiment: own }: FeatureResult,
): Metadata {
  const { unit = 'profile', phase = 0 } = playloop?.[key] ?? {}
  return {
    experiment: key,
    unit_type: unit,
    unit_id: String(result.hashValue),
    phase,
    variation: result.variationId,
    variation_key: result.key,
    hash_attribute: result.hashAttribute,
    ...(result.bucket !== undefined && { bucket_ppm: Math.round(result.bucket * 1e6) }),
    ...(result.featureId !== null && { feature_key: result.featureId }),
    ...(rule !== '' && own?.key === key && { rule_id: rule }),
  }
}

/**
 * `key`: the experiment that gave the value. OpenFeature's metadata is flat, so the exposures of parent conditions, such as a holdout, are serialised as text next
 * to the flag's own exposure.
 */
function metadataOf(
  told: ToldFeature | undefined,
  key = '',
  exposures: readonly Metadata[] = [],
): Pick<Resolution<unknown>, 'flagMetadata'> {
  const others = exposures.filter(({ experiment }) => experiment !== key)
  const metadata = {
    ...told?.metadata,
    ...exposures.find(({ experiment }) => experiment === key),
    ...(others.length > 0 && { prerequisites: JSON.stringify(others) }),
  }
  return Object.keys(metadata).length === 0 ? {} : { flagMetadata: metadata }
}
