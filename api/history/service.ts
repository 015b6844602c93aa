import type { Clock } from '../../platform/clock.ts'
import { StoreError, type Store } from '../../platform/clickhouse/port.ts'
import {
  byRule,
  byTime,
  concurrencyQuery,
  errorsQuery,
  metricsQuery,
  nextCursor,
  readConcurrency,
  readMetrics,
  readRecord,
  readSessions,
  readSums,
  sessionsOf,
  sessionsQuery,
  sumsQuery,
  timelineQueries,
  type ErrorRow,
  type MetricsRow,
  type Order,
  type Period,
  type Session,
  type SessionRow,
  type StoredRow,
  type Sums,
  type Track,
} from '../../streams/qoe/index.ts'
import { fail } from '../errors.ts'
import { readCursor, writeCursor } from './cursor.ts'
import {
  dimensionsNamed,
  intervalOf,
  metricsNamed,
  partsNamed,
  replacedAmong,
  scopeOf,
  type Watermark,
} from './question.ts'
import type { MetricsQuestion, ScopeQuestion, SessionsQuestion } from './schema.ts'
import { createShared } from './shared.ts'
import { createTurns } from './turns.ts'

/** Fields of every answer. */
export interface Asked {
  readonly clock: string
  readonly watermark: Watermark
  readonly from: number | null
  readonly to: number | null
  /** Old ids of requested metrics, with the ids that replace them; absent if there are none. */
  readonly replaced?: Readonly<Record<string, string>>
}

export interface SessionTimeline {
  readonly clock: string
  readonly session_id: string
  readonly watermark: Watermark
  /** The session as the metrics see it: one for each player start. */
  readonly sessions: readonly ToldSession[]
  /** Each event once, in order of time. */
  readonly tracks: Readonly<Record<Track, readonly StoredRow[]>>
}

export interface History {
  metrics(
    question: MetricsQuestion,
  ): Promise<Asked & { interval: number | null; answers: { time: string; rows: MetricsRow[] }[] }>
  sessions(
    question: SessionsQuestion,
  ): Promise<Asked & { sessions: SessionRow[]; sums: Sums | null; next: string | null }>
  session(clock: string, id: string): Promise<SessionTimeline>
  errors(question: ScopeQuestion): Promise<Asked & { errors: ErrorRow[] }>
}

/** A session as JSON: errors by 'kind:code', with the times of the first and the last. */
export type ToldSession = Omit<Session, 'errors'> & {
  readonly errors: Readonly<Record<string, readonly [number, number]>>
}

const told = (session: Session): ToldSession => ({ ...session, errors: Object.fromEntries(session.errors) })

/**
 * ClickHouse error codes for exceeded limits of rows, time, speed, memory and bytes: the query exceeds its limits, the
 * store itself is healthy.
 */
const DEAR = new Set([158, 159, 160, 241, 307, 396])

/** Reports a query that the engine ended at its limits as a client error. */
export function refused(error: unknown): never {
  if (error instanceof StoreError && DEAR.has(error.engineCode)) throw fail('API_QUESTION_DEAR', {}, error)
  throw error
}

/** Maximum age of an answer about the present, ms. */
const FRESH_MS = 10_000

/** Maximum waiting questions. */
const MAX_WAITING = 16

/** `watermark`: current time of a clock, undefined if it has no events. */
export function openHistory(
  store: Store,
  watermark: (clock: string) => Promise<number | undefined>,
  clock: Pick<Clock, 'now'>,
): History {
  const shared = createShared(clock, FRESH_MS)
  const turns = createTurns(MAX_WAITING)
  const rows = <T = StoredRow>(query: Parameters<Store['rows']>[0]): Promise<T[]> =>
    turns.run(() => store.rows<T>(query).catch(refused))
  const nothing = ({
    clock,
    from = null,
    to = null,
  }: {
    clock: string
    from?: number | null
    to?: number | null
  }): Asked => ({ clock, watermark: null, from, to })

  const answerMetrics: History['metrics'] = async (question) => {
    const { metrics, concurrency } = metricsNamed(question.metric)
    const groupBy = dimensionsNamed(question.group)
    const replaced = defined({ replaced: replacedAmong(question.metric) })
    const now = await watermark(question.clock)
    if (now === undefined) return { ...nothing(question), ...replaced, interval: null, answers: [] }
    const scope = scopeOf(question, now)
    const interval = intervalOf(scope, question)
    const { quantile, histogram, sort, limit, compare_from: start } = question
    const compare: Period | undefined =
      start === undefined ? undefined : { from: start, to: start + scope.to - scope.from }
    const answers = []
    for (const own of byTime(metrics)) {
      const ask = {
        ...scope,
        metrics: own,
        groupBy,
        limit,
        ...defined({ interval, quantiles: quantile, histogram, sort, compare }),
      }
      answers.push({ time: scope.time ?? own[0]!.time, rows: readMetrics(await rows(metricsQuery(ask)), ask) })
    }
    for (const own of byRule(concurrency)) {
      const ask = { ...scope, metrics: own, groupBy, limit, ...defined({ interval, sort, compare }) }
      answers.push({ time: own[0]!.time, rows: readConcurrency(await rows(concurrencyQuery(ask)), ask) })
    }
    return {
      clock: scope.clock,
      watermark: now,
      from: scope.from,
      to: scope.to,
      ...replaced,
      interval: interval ?? null,
      answers,
    }
  }

  return {
    // Open pages ask for the present repeatedly.
    metrics: (question) =>
      question.to === undefined
        ? shared(JSON.stringify(question), () => answerMetrics(question))
        : answerMetrics(question),

    async sessions(question) {
      const metrics = partsNamed(question.metric ?? [])
      const replaced = defined({ replaced: replacedAmong(question.metric ?? []) })
      if (question.time === undefined && byTime(metrics).length > 1)
        throw fail('API_QUERY_INVALID', { problem: 'metrics by start and metrics by end are asked for apart' })
      if (question.order === 'numerator' && metrics.length === 0)
        throw fail('API_QUERY_INVALID', { problem: 'order=numerator needs a metric' })
      const after = question.cursor === undefined ? undefined : readCursor(question.cursor)
      const now = await watermark(question.clock)
      if (now === undefined) return { ...nothing(question), ...replaced, sessions: [], sums: null, next: null }
      const scope = scopeOf(question, now)
      const ask = { ...scope, metrics, order: question.order as Order, limit: question.limit, ...defined({ after }) }
      const sessions = readSessions(await rows(sessionsQuery(ask)), ask)
      const next = nextCursor(sessions, ask)
      // All pages have the same sums, so they are computed only for the first.
      const sums = after === undefined ? readSums(await rows(sumsQuery(ask)), ask) : null
      return {
        clock: scope.clock,
        watermark: now,
        from: scope.from,
        to: scope.to,
        ...replaced,
        sessions,
        sums,
        next: next === undefined ? null : writeCursor(next),
      }
    },

    async session(clock, id) {
      const now = await watermark(clock)
      const queries = timelineQueries({ clock, session_id: id })
      const tracks = {
        records: await rows(queries.records),
        decisions: await rows(queries.decisions),
        requests: await rows(queries.requests),
        actions: await rows(queries.actions),
      }
      if (Object.values(tracks).every(({ length }) => length === 0))
        throw fail('API_SESSION_UNKNOWN', { clock: clock.slice(0, 64), id: id.slice(0, 200) })
      return {
        clock,
        session_id: id,
        watermark: now ?? null,
        sessions: sessionsOf(tracks.records.map(readRecord), now ?? 0).map(told),
        tracks,
      }
    },

    async errors(question) {
      const now = await watermark(question.clock)
      if (now === undefined) return { ...nothing(question), errors: [] }
      const scope = scopeOf(question, now)
      return {
        clock: scope.clock,
        watermark: now,
        from: scope.from,
        to: scope.to,
        errors: await rows<ErrorRow>(errorsQuery(scope)),
      }
    },
  }
}

/** Omits undefined values, for exact optional properties. */
const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
