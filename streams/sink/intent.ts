/**
 * The write-ahead intent: "I am about to land exactly the valid records of [start, end]".
 *
 * It is the metadata of the offset commit that precedes the insert, so the group's generation fences it. The next owner
 * of the partition reads the intent and lands the identical batch again.
 */
export interface Intent {
  /** First offset of the batch, inclusive. */
  readonly start: number
  /** Last offset of the batch, inclusive; compaction may have removed the record itself. */
  readonly end: number
  /**
   * Schema ids that were unknown when the batch was formed. They stay unknown in a replay even if a registry has them
   * by then; otherwise a record would be both a dead letter and a row.
   */
  readonly unknown: readonly number[]
}

/**
 * Increased when the bytes produced from a range of records change. An older intent must then be drained by the version
 * that wrote it.
 */
export const WRAPPER_VERSION = 1

export function encodeIntent({ start, end, unknown }: Intent): string {
  return JSON.stringify({ v: WRAPPER_VERSION, s: start, e: end, ...(unknown.length > 0 && { u: unknown }) })
}

/** Content of the metadata: nothing, an intent, or something that this version must not touch. */
export type ReadIntent =
  | { readonly kind: 'none' }
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'foreign'; readonly metadata: string }

export function decodeIntent(metadata: string): ReadIntent {
  if (metadata === '') return { kind: 'none' }
  try {
    const { v, s, e, u = [] } = JSON.parse(metadata) as { v?: unknown; s?: unknown; e?: unknown; u?: unknown }
    if (v === WRAPPER_VERSION && isOffset(s) && isOffset(e) && s <= e && isOffsets(u))
      return { kind: 'intent', intent: { start: s, end: e, unknown: u } }
  } catch {
    // not ours: falls through to 'foreign'
  }
  return { kind: 'foreign', metadata }
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isOffsets = (value: unknown): value is number[] => Array.isArray(value) && value.every(isOffset)
