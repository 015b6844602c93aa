import { sha256 } from '../../../platform/hash.ts'
import type { SampleRatio, ScoreCell } from '../scorecard/index.ts'
import type { ArmVerdict, Reason, VerdictName } from './decision.ts'

/** What may be decided about an experiment. */
export const CHOICES = ['ship', 'roll back', 'no difference', 'keep running'] as const
export type Choice = (typeof CHOICES)[number]

/** What was shown when a decision fell, and what it rests on: equal events before `offsets` give equal bytes. */
export interface Shown {
  /** Version of this form. */
  readonly form: 1
  readonly revision: number
  /** Moment of the results, ms of the experiment's clock. */
  readonly watermark: number
  /** By topic and partition: offset of the first record that was not counted. */
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[]
  /** Keys of the metrics' definitions, `id@version`. */
  readonly definitions: readonly string[]
  readonly verdict: VerdictName
  readonly variation: number | null
  readonly headline: string
  readonly reasons: readonly string[]
  readonly facts: readonly Reason[]
  readonly arms: readonly ArmVerdict[]
  readonly health: SampleRatio
  readonly cells: readonly ScoreCell[]
}

/** An operation that goes with a decision, and the revision that it makes. */
export interface RecordedOperation {
  readonly action: 'stop' | 'pause' | 'kill' | 'ramp'
  readonly coverage?: number
  readonly revision: number
}

/** A decision that fell. Records are numbered from 1 by experiment, and never changed. */
export interface DecisionRecord {
  readonly experiment: string
  readonly number: number
  /** SHA-256 of the record before, so that none can be changed or left out unnoticed; '' for the first. */
  readonly previous: string
  readonly choice: Choice
  /** Index of the variation that it is about; null = all. */
  readonly variation: number | null
  readonly note: string
  readonly by: string
  /** Wall clock, ms. */
  readonly at: number
  /** Decided by the guarded rollout, not by a person. */
  readonly automatic: boolean
  readonly operation: RecordedOperation | null
  readonly shown: Shown
}

/** JSON with sorted keys (RFC 8785): equal values are equal bytes. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** SHA-256 of the canonical bytes, hex. */
export const fingerprint = (value: unknown): string => sha256(canonical(value)).toString('hex')

/** A place where two values differ, as a path. */
export interface Difference {
  readonly at: string
  readonly recorded: unknown
  readonly found: unknown
}

const MAX_DIFFERENCES = 50

/** Where two JSON values differ; at most fifty places. */
export function differencesOf(recorded: unknown, found: unknown, at = ''): Difference[] {
  if (canonical(recorded) === canonical(found)) return []
  if (!isParted(recorded) || !isParted(found) || Array.isArray(recorded) !== Array.isArray(found))
    return [{ at, recorded: recorded ?? null, found: found ?? null }]
  return [...new Set([...Object.keys(recorded), ...Object.keys(found)])]
    .flatMap((key) => differencesOf(recorded[key], found[key], at === '' ? key : `${at}.${key}`))
    .slice(0, MAX_DIFFERENCES)
}

const isParted = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
