import type { Query } from '../../../platform/clickhouse/index.ts'
import type { Metric } from '../metrics/metric.ts'
import { conditionsOf, LIMITS, type Scope } from './ask.ts'
import { cellsOf } from './cells.ts'
import { SEGMENTS } from './ddl.ts'
import { SESSIONS_NOW } from './facts.ts'
import { compose, nameOf } from './levels.ts'
import { segmentLevels } from './pipeline.ts'
import { STATUSES, type Status } from './rules.ts'
import type { StoredRow } from './answer.ts'

/** Sort orders for lists of sessions, greatest first. */
export const ORDERS = {
  start: 'start_ms',
  stalled: 'stall_ms',
  startup: 'startup_ms',
  watched: 'watched_ms',
  errors: 'errors_technical + errors_business',
  hidden: 'hidden_ms',
  numerator: 'n0',
} as const
export type Order = keyof typeof ORDERS

/** Position after which a list continues: that of its last row. */
export interface Cursor {
  readonly value: number
  readonly session_id: string
  readonly instance: number
}

export interface SessionsAsk extends Scope {
  /**
   * Metrics whose parts each row shows: with the filters of a cell, the rows sum to the cell. All by start, or all by
   * end.
   */
  readonly metrics?: readonly Metric[]
  /** 'numerator' is that of the first metric. */
  readonly order: Order
  readonly after?: Cursor
  /** At most 200. */
  readonly limit?: number
}

export const MAX_SESSIONS = 200

const TEXT = [
  'session_id',
  'title_id',
  'country',
  'region',
  'device',
  'player',
  'stream_type',
  'source',
  'end_reason',
] as const
const NUMBERS = [
  'instance',
  'start_ms',
  'last_time',
  'segments',
  'startup_ms',
  'stall_ms',
  'stall_count',
  'watched_ms',
  'wall_ms',
  'playing_ms',
  'media_ms',
  'bits_played',
  'seek_count',
  'seeking_ms',
  'switches_up',
  'switches_down',
  'frames_dropped',
  'errors_technical',
  'errors_business',
  'unique_ms',
  'title_duration_ms',
  'records',
  'expected',
  'hidden_ms',
  'order_value',
] as const
const OUTCOMES = ['vsf_business', 'vsf_technical', 'ebvs', 'vpf_business', 'vpf_technical', 'finished', 'quit'] as const
export type Outcome = (typeof OUTCOMES)[number] | 'open'

export type SessionRow = Readonly<Record<(typeof TEXT)[number], string>> &
  Readonly<Record<(typeof NUMBERS)[number], number>> & {
    readonly status: Status
    readonly outcome: Outcome
    readonly ocas: readonly string[]
    /** 'kind:code'. */
    readonly errors: readonly string[]
    /** For each requested metric, the exact part as counted. */
    readonly parts: readonly {
      readonly metric: Metric['id']
      readonly numerator: number
      readonly denominator: number
    }[]
  }

/** Sessions of a cell, one page at a time. */
export function sessionsQuery(ask: SessionsAsk): Query {
  const { metrics = [], after, limit = 50 } = ask
  const order = ORDERS[ask.order].replace('n0', 'p_n0')
  const columns = [
    ...[...own(TEXT), ...own(NUMBERS), ...own(OUTCOMES)].map(
      (name) => `any(${name === 'start_ms' ? 'session_start' : name}) AS ${name}`,
    ),
    'any(ocas) AS ocas',
    'any(mapKeys(errors)) AS codes',
    'any(status) AS status_place',
    ...partsOf(metrics),
  ]
  const place =
    after === undefined
      ? '1'
      : '(order_value, session_id, instance) < ({after_value:Int64}, {after_session:String}, {after_instance:Int64})'
  return {
    sql: `SELECT ${TEXT.map((name) => `toString(${name}) AS ${name}`).join(', ')}, ${[...NUMBERS, 'status_place'].map((name) => `toFloat64(${name}) AS ${name}`).join(', ')}, ocas, codes,
  multiIf(${OUTCOMES.map((name) => `${name}, '${name}'`).join(', ')}, 'open') AS outcome,
  [${metrics.map((_, i) => `[toFloat64(p_n${i}), toFloat64(p_d${i})]`).join(', ')}] AS parts
FROM (SELECT * FROM (SELECT *, toInt64(${order}) AS order_value FROM (${rowsOf(ask, columns)})) WHERE ${place}
  ORDER BY order_value DESC, session_id DESC, instance DESC LIMIT ${Math.min(limit, MAX_SESSIONS)})
ORDER BY ${['order_value', 'session_id', 'instance'].map((name) => `${name} DESC`).join(', ')}
SETTINGS ${LIMITS}`,
    params: {
      clock: ask.clock,
      now: ask.now,
      ...conditionsOf(ask).params,
      ...(after === undefined
        ? {}
        : { after_value: after.value, after_session: after.session_id, after_instance: after.instance }),
    },
  }
}

/**
 * The rows of a list. If a filter tests parts, a session has one row per matching part; its own columns are the same in
 * all of them.
 */
function rowsOf(ask: SessionsAsk, columns: readonly string[]): string {
  const { levels } = cellsOf(ask, ask.metrics ?? [], [], [ask])
  return compose(
    SESSIONS_NOW,
    [...levels, { columns, groupBy: ['session_id', 'instance'] }],
    ['session_id', 'instance', ...columns.map(nameOf)],
  )
}

/** The exact part of a session's contribution to each metric. */
const partsOf = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ cmcd }, i) =>
    ['n', 'd'].map((letter) => `sumIf(${letter}${i}, w${i}${cmcd ? '' : ' AND exact'}) AS p_${letter}${i}`),
  )

/** All pages of a list as one row: the number of sessions and the sum of each metric's parts over them. */
export interface Sums {
  readonly sessions: number
  readonly parts: SessionRow['parts']
}

/**
 * Sums over the rows of the list that `sessionsQuery` pages through, independent of the cell that they are compared
 * with.
 */
export function sumsQuery(ask: SessionsAsk): Query {
  const { metrics = [] } = ask
  return {
    sql: `SELECT toFloat64(count()) AS sessions, [${metrics.map((_, i) => `[toFloat64(sum(p_n${i})), toFloat64(sum(p_d${i}))]`).join(', ')}] AS parts
FROM (${rowsOf(ask, partsOf(metrics))})
SETTINGS ${LIMITS}`,
    params: { clock: ask.clock, now: ask.now, ...conditionsOf(ask).params },
  }
}

export const readSums = ([row]: readonly StoredRow[], { metrics = [] }: Pick<SessionsAsk, 'metrics'>): Sums => ({
  sessions: Number(row?.['sessions'] ?? 0),
  parts: readParts(row?.['parts'], metrics),
})

const readParts = (parts: unknown, metrics: readonly Metric[]): SessionRow['parts'] =>
  metrics.map(({ id }, i) => ({
    metric: id,
    numerator: (parts as number[][])[i]![0]!,
    denominator: (parts as number[][])[i]![1]!,
  }))

const own = (names: readonly string[]): string[] =>
  names.filter((name) => !['session_id', 'instance', 'order_value'].includes(name))

export function readSessions(rows: readonly StoredRow[], { metrics = [] }: Pick<SessionsAsk, 'metrics'>): SessionRow[] {
  return rows.map(
    ({ codes, parts, status_place, ...row }) =>
      ({
        ...row,
        errors: codes,
        status: STATUSES[Number(status_place)]!,
        parts: readParts(parts, metrics),
      }) as unknown as SessionRow,
  )
}

/** The cursor after a page; undefined after the last page. */
export function nextCursor(
  rows: readonly SessionRow[],
  { limit = 50 }: Pick<SessionsAsk, 'limit'>,
): Cursor | undefined {
  const last = rows.at(-1)
  if (last === undefined || rows.length < Math.min(limit, MAX_SESSIONS)) return undefined
  return { value: last.order_value, session_id: last.session_id, instance: last.instance }
}

export interface ErrorRow {
  readonly kind: string
  readonly code: string
  readonly sessions: number
  readonly devices: readonly string[]
  readonly versions: readonly string[]
  /** ms. */
  readonly first: number
  readonly last: number
}

/** Error codes reported by sessions that began in the period, sorted by number of sessions, greatest first. */
export function errorsQuery(scope: Scope, limit = 100): Query {
  const conditions = conditionsOf(scope)
  const parts = (conditions.parts ?? '1').replace(/toString\(/g, 'toString(s_')
  const columns = [
    'toFloat64(uniqExact(session_id, instance)) AS sessions',
    'arraySlice(arraySort(groupUniqArray(toString(s_device))), 1, 50) AS devices',
    'arraySlice(arraySort(groupUniqArray(toString(s_app_version))), 1, 50) AS versions',
    'toFloat64(min(s_errors_first[told])) AS first',
    'toFloat64(max(s_errors[told])) AS last',
  ]
  const sql = compose(
    SEGMENTS,
    [
      ...segmentLevels(
        `clock = {clock:String} AND ${conditions.rows} AND session_start >= {from:Int64} AND session_start < {to:Int64}`,
      ),
      { columns: ['arrayJoin(mapKeys(s_errors)) AS told'], where: parts, apart: true },
      {
        columns: [
          "substring(told, 1, position(told, ':') - 1) AS kind",
          "substring(told, position(told, ':') + 1) AS code",
        ],
      },
      {
        columns,
        where: scope.filters?.error_code === undefined ? '1' : 'code IN {f_error_code:Array(String)}',
        groupBy: ['kind', 'code'],
      },
    ],
    ['kind', 'code', 'sessions', 'devices', 'versions', 'first', 'last'],
  )
  return {
    sql: `${sql} ORDER BY sessions DESC, kind, code LIMIT ${Math.min(limit, 1_000)} SETTINGS ${LIMITS}`,
    params: { clock: scope.clock, from: scope.from, to: scope.to, ...conditions.params },
  }
}
