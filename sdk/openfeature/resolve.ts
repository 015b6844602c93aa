import { compileFeatures, evaluateFeature, type Features, type Payload } from '../../models/experiments/assign/index.ts'

/** What playloop tells of a feature beside GrowthBook's own fields (`playloop` in the payload). */
export interface ToldFeature {
  /** Of an experiment: what is randomised, its phase, and the keys of its variations. */
  readonly unit?: string
  readonly phase?: number
  readonly variations?: readonly string[]
  /** Values by name, for flags whose values have names. */
  readonly variants?: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | null
  readonly disabled?: boolean
}

export interface Flags extends Payload {
  readonly features?: Readonly<Record<string, { readonly defaultValue?: unknown; readonly rules?: readonly unknown[] }>>
  readonly playloop?: Readonly<Record<string, ToldFeature>>
}

/** OpenFeature's details of one evaluation; its SDKs for servers and for browsers read the same. */
export interface Resolution<T> {
  readonly value: T
  readonly variant?: string
  readonly reason: 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'CACHED' | 'ERROR'
  readonly errorCode?: 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH' | 'PARSE_ERROR'
  readonly errorMessage?: string
  readonly flagMetadata?: Readonly<Record<string, string | number | boolean>>
}

export type Kind = 'boolean' | 'string' | 'number' | 'object'

/** Flags as they were told last, and which of them were answered since: one that depends on nobody is answered from memory. */
export interface Resolver {
  resolve<T>(key: string, kind: Kind, fallback: T, context: Readonly<Record<string, unknown>>): Resolution<T>
}

export function createResolver(flags: Flags): Resolver {
  const features: Features = compileFeatures(flags)
  const answered = new Set<string>()
  return {
    resolve(key, kind, fallback, context) {
      const told = flags.playloop?.[key]
      const raw = flags.features?.[key]
      if (raw === undefined) return { value: fallback, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', errorMessage: `there is no flag ${key}` }
      if (told?.disabled === true) return { value: fallback, reason: 'DISABLED', ...metadataOf(told) }
      const { targetingKey, ...attributes } = context
      // The targeting key is the unit, unless the context says more precisely which id is meant.
      const { result, exposures } = evaluateFeature(features, key, { attributes: { ...(targetingKey !== undefined && { id: targetingKey }), ...attributes } })
      if (kindOf(result.value) !== kind) return { value: fallback, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage: `${key} is no ${kind}` }
      const isStatic = (raw.rules ?? []).length === 0
      const reason = isStatic ? (answered.has(key) ? 'CACHED' : 'STATIC') : result.source === 'experiment' ? 'SPLIT' : result.source === 'force' ? 'TARGETING_MATCH' : 'DEFAULT'
      if (isStatic) answered.add(key)
      const variant = result.experimentResult?.inExperiment === true ? result.experimentResult.key : nameOf(result.value, told)
      const exposure = exposures.find(({ experiment }) => experiment.key === key)
      return {
        value: result.value as typeof fallback, reason, ...(variant !== undefined && { variant }),
        ...metadataOf(told, exposure && {
          experiment: key, unit_type: told?.unit ?? 'profile', unit_id: String(exposure.result.hashValue), phase: told?.phase ?? 0, variation: exposure.result.variationId, variation_key: exposure.result.key,
          hash_attribute: exposure.result.hashAttribute, ...(exposure.result.bucket !== undefined && { bucket_ppm: Math.round(exposure.result.bucket * 1e6) }), ...(result.ruleId !== '' && { rule_id: result.ruleId }),
        }),
      }
    },
  }
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)

function nameOf(value: unknown, told: ToldFeature | undefined): string | undefined {
  const text = JSON.stringify(value)
  if (told?.variants !== undefined) return Object.entries(told.variants).find(([, each]) => JSON.stringify(each) === text)?.[0]
  return told?.variations?.includes(String(value)) === true ? String(value) : undefined
}

function metadataOf(told: ToldFeature | undefined, exposure: Readonly<Record<string, string | number | boolean>> = {}): Pick<Resolution<unknown>, 'flagMetadata'> {
  const metadata = { ...told?.metadata, ...exposure }
  return Object.keys(metadata).length === 0 ? {} : { flagMetadata: metadata }
}
