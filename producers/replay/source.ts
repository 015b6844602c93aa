import type { TopicInputs } from '../../schemas/generated/inputs.ts'

/**
 * Data sets that can be replayed; the name is also the producer's name in the journal, and `replay:NAME` is the clock
 * of its events.
 */
export const REPLAY_KINDS = ['movielens', 'traces', 'interactions', 'experiment'] as const
export type ReplayKind = (typeof REPLAY_KINDS)[number]

export const isReplayKind = (name: string): name is ReplayKind => REPLAY_KINDS.some((kind) => kind === name)
export const clockOf = (kind: ReplayKind): string => `replay:${kind}`

/** Topics that data sets write. */
export type ReplayTopic = 'catalog.titles' | 'viewer.actions' | 'playback.telemetry' | 'experiment.exposures'
export type ReplayEvent = {
  readonly [Topic in ReplayTopic]: { readonly topic: Topic; readonly event: TopicInputs[Topic] }
}[ReplayTopic]

/**
 * A data set as events: always the same ones, in the same order, with the same ids. A position is therefore all that a
 * resumed run needs, and a second run only sends known events.
 */
export interface ReplaySource {
  readonly kind: ReplayKind
  /** Changes with the data: a position is valid only for the same data. */
  readonly fingerprint: string
  /** Events from number `skip` on, in chunks. */
  events(skip: number): AsyncGenerator<readonly ReplayEvent[]>
  /** Share of the data read so far, 0 to 1. */
  readonly fraction: () => number
  /** Called once at the end: events before `position` are acknowledged. */
  settled?(position: number): Promise<void>
}
