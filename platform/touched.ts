import type { TopicName } from '../schemas/topics.ts'

/** A column and the expression that fills it; `e` is a row of the landing table. */
export interface DerivedColumn {
  readonly name: string
  readonly type: string
  readonly from: string
}

export interface ValueColumn {
  readonly name: string
  /** An integer, a text from the earliest event, or a set or sketch from the allow-list; never a float. */
  readonly type: string
}

/**
 * For a state that keeps the earliest event of a key and whether events of the same group have different marks. A later
 * event of another group, or with a known mark, adds nothing and is not recomputed (known.ts).
 */
export interface LeastEvent {
  /** Value: event time of the earliest event, ms. */
  readonly at: string
  /** Fact, and value of the earliest event: an Int32. */
  readonly group: string
  /** Fact, and value of the earliest event: an Int32. */
  readonly mark: string
  /** Value: 1 if the group of the earliest event has several marks. */
  readonly several: string
}

/**
 * An aggregate that is recomputed per touched key.
 *
 * For each landed row that touches a key, a view writes the key and the columns that the recomputation needs into the
 * domain's own index (`NAME_events_vN`, ordered by key). A job recomputes every touched key from its distinct events
 * and replaces its row (`NAME_vN`). The state is a function of the *set* of events: order, duplicates, batching and
 * replays change nothing, and a late event or an erasure is just another recomputation.
 *
 * Definitions are immutable: a change is a new `version`.
 */
export interface TouchedDomain {
  readonly name: string
  readonly version: number
  readonly topic: TopicName
  /** Condition on a landing row that touches a key. */
  readonly touches: string
  /**
   * The key; its first column is `clock`. Uses only fields that the client sent and resends unchanged: what the
   * collector adds may differ between two copies. Index and state have this order; `orderReason` says why.
   */
  readonly keys: readonly [DerivedColumn, ...DerivedColumn[]]
  readonly orderReason: string
  /**
   * Columns that the recomputation reads besides the key, `event_id`, `profile_id` and `at_ms` (event time, ms since
   * the epoch).
   */
  readonly facts: readonly DerivedColumn[]
  readonly values: readonly ValueColumn[]
  /**
   * SELECT keys, values, sum(weight) AS version FROM {events} GROUP BY keys. Values may use only rows that are `live`:
   * the first copies of events without an erasure request. The `weight` of all rows makes the version.
   */
  readonly recompute: string
  /** Condition on a state row with content. Keys that lost all their events stay as zeros and are not shown. */
  readonly shown: string
  readonly least?: LeastEvent
  /** True for the one domain of viewer.actions whose index also feeds the tombstones of erased profiles. */
  readonly feedsErasures?: boolean
}
