import type { SqlParams } from '../../../platform/clickhouse/index.ts'
import { CONSTANT, VARYING } from './pipeline.ts'

/**
 * Dimensions to group by and filter on. `error_code` counts a session once for each code that it reported; all others
 * divide the sessions into disjoint groups.
 */
export const DIMENSIONS = [...CONSTANT, ...VARYING, 'error_code'] as const
export type Dimension = (typeof DIMENSIONS)[number]
/** Additional filters: the profile that plays, as long as raw telemetry or actions have it. */
export type Filter = Dimension | 'profile_id' | 'session_id'

export interface Period {
  /** Inclusive, ms. */
  readonly from: number
  /** Exclusive, ms. */
  readonly to: number
}

export interface Scope extends Period {
  readonly clock: string
  /** Watermark of the clock, ms: decides which sessions are over. */
  readonly now: number
  /** Values of one filter are alternatives; all filters apply together. */
  readonly filters?: Partial<Record<Filter, readonly string[]>>
  /**
   * Which sessions belong to the period: by default by the metric's own time; 'open' = all sessions that were open in
   * it. 'open' needs a single period without intervals.
   */
  readonly time?: 'open'
}

/** Answers stay small, and the engine ends a query that exceeds its limits. */
export const MAX_ROWS = 5_000
/**
 * Groupings spill to disk before they fail. Both threads read: a segment is a small row, and the engine would otherwise
 * give 160,000 of them to one thread.
 */
export const LIMITS = `max_execution_time = 20, max_memory_usage = 268435456, max_bytes_before_external_group_by = 134217728, max_bytes_before_external_sort = 134217728, max_threads = 2, merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576, compile_expressions = 0, compile_aggregate_expressions = 0, short_circuit_function_evaluation = 'disable'`

export const isVarying = (name: string): name is (typeof VARYING)[number] =>
  (VARYING as readonly string[]).includes(name)
const isConstant = (name: string): name is (typeof CONSTANT)[number] => (CONSTANT as readonly string[]).includes(name)

const PROFILE = `session_id IN (
  SELECT session_id FROM viewer_actions WHERE profile_id IN {f_profile_id:Array(String)} AND clock = {clock:String} AND session_id != ''
  UNION ALL SELECT session_id FROM playback_telemetry WHERE profile_id IN {f_profile_id:Array(String)} AND clock = {clock:String})`

export interface Conditions {
  /** On stored rows: values that are constant within a session, and its errors. */
  readonly rows: string
  /** On parts of sessions; undefined = none. */
  readonly parts: string | undefined
  readonly params: SqlParams
}

/** Turns filters into conditions: values that vary within a session are tested on its parts, all others on its row. */
export function conditionsOf({ filters = {} }: Pick<Scope, 'filters'>): Conditions {
  const named = Object.entries(filters) as [Filter, readonly string[]][]
  const within = (name: string): string => `toString(${name}) IN {f_${name}:Array(String)}`
  const rows = named.filter(([name]) => isConstant(name) || name === 'session_id').map(([name]) => within(name))
  if (filters.profile_id !== undefined) rows.push(PROFILE)
  if (filters.error_code !== undefined) rows.push(`hasAny(${CODES}, {f_error_code:Array(String)})`)
  const parts = named.filter(([name]) => isVarying(name)).map(([name]) => within(name))
  return {
    rows: and(rows),
    parts: parts.length === 0 ? undefined : and(parts),
    params: Object.fromEntries(named.map(([name, values]) => [`f_${name}`, [...values]])),
  }
}

export const and = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '1' : conditions.map((each) => `(${each})`).join(' AND ')

/** The codes alone: 'kind:code' without the kind. */
export const CODES = "arrayDistinct(arrayMap(k -> substring(k, position(k, ':') + 1), mapKeys(errors)))"
