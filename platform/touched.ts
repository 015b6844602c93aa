import type { TopicName } from '../schemas/topics.ts'

/** A column and the expression that fills it, over `e`, a row of the landing table. */
export interface DerivedColumn {
  readonly name: string
  readonly type: string
  readonly from: string
}

export interface ValueColumn {
  readonly name: string
  /** An integer, a text that the least event told, or a set or sketch of the allow-list; never a float. */
  readonly type: string
}

/**
 * For a state that tells the least event of a key, and whether others of its group have other marks: what came later,
 * of another group or with a mark that was met, says nothing new, and is not recomputed (known.ts).
 */
export interface LeastEvent {
  /** Value: event time of the least event, ms. */
  readonly at: string
  /** Fact, and value of the least event: an Int32. */
  readonly group: string
  /** Fact, and value of the least event: an Int32. */
  readonly mark: string
  /** Value: 1 where the group of the least event has several marks. */
  readonly several: string
}

/**
 * An aggregate that is recomputed per touched key.
 *
 * A view writes, for each landed row that touches a key, the key and what the recomputation reads into the domain's own
 * index (`NAME_events_vN`, ordered by key). A job recomputes every touched key from its distinct events and replaces it
 * (`NAME_vN`). The state is a function of the *set* of events: order, copies, batches and replays change nothing, and
 * a late event or an erasure is one more recomputation.
 *
 * Definitions are immutable: a change is a new `version`.
 */
export interface TouchedDomain {
  readonly name: string
  readonly version: number
  readonly topic: TopicName
  /** Condition on a landing row: it touches a key. */
  readonly touches: string
  /**
   * The key; its first column is `clock`. Only what the client sent and resends unchanged: what the collector learns
   * may differ between two copies. The order is that of index and state; `orderReason` says why.
   */
  readonly keys: readonly [DerivedColumn, ...DerivedColumn[]]
  readonly orderReason: string
  /**
   * What the recomputation reads beside the key, `event_id`, `profile_id` and `at_ms` (event time, ms since the epoch).
   */
  readonly facts: readonly DerivedColumn[]
  readonly values: readonly ValueColumn[]
  /**
   * SELECT keys, values, sum(weight) AS version FROM {events} GROUP BY keys: values may look only at rows that are
   * `live`, the first copies of events that nobody asked to forget; `weight` of all rows makes the version.
   */
  readonly recompute: string
  /** Condition on a state row: it says something. Keys that lost all their events stay as zeros and are not shown. */
  readonly shown: string
  readonly least?: LeastEvent
  /** True for the one domain of viewer.actions whose index also feeds the tombstones of erased profiles. */
  readonly feedsErasures?: boolean
}
