import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Query } from '../../../platform/clickhouse/index.ts'
import { START } from '../../../producers/player/testing.ts'
import type { StoredRow } from './answer.ts'
import type { Dimension } from './ask.ts'
import {
  errorsQuery,
  nextCursor,
  readSessions,
  readSums,
  sessionsQuery,
  sumsQuery,
  type Cursor,
  type ErrorRow,
  type SessionRow,
} from './list.ts'
import type { Session } from './reduce.ts'
import { readRecord, sessionsOf, timelineQueries } from './timeline.ts'
import { CLOCK, OVER, SCOPE, metric, store, sessions, records, useSessions, ask, sum } from './testing-questions.ts'

describe('questions for sessions one by one', () => {
  useSessions()

  it('have rows under every cell that recompute to it, a page at a time', async () => {
    const metrics = [metric('rebuffer_ratio:cta2066'), metric('startup.mean:cta2066'), metric('ebvs_rate:conviva')]
    for (const groupBy of [['country', 'device'], ['oca', 'country'], ['pathway']] as Dimension[][]) {
      for (const cell of (await ask({ metrics, groupBy })).slice(0, 2)) {
        const filters = Object.fromEntries(Object.entries(cell.dimensions).map(([name, text]) => [name, [text]]))
        const rows: SessionRow[] = []
        for (let cursor: Cursor | undefined, first = true; first || cursor !== undefined; first = false) {
          const question = {
            ...SCOPE,
            filters,
            metrics,
            order: 'stalled' as const,
            limit: 20,
            ...(cursor === undefined ? {} : { after: cursor }),
          }
          const page = readSessions(await store.rows<StoredRow>(sessionsQuery(question)), question)
          rows.push(...page)
          cursor = nextCursor(page, question)
        }
        assert.equal(rows.length, cell.sessions)
        assert.equal(new Set(rows.map(({ session_id: id }) => id)).size, rows.length)
        const question = { ...SCOPE, filters, metrics, order: 'start' as const, limit: 1 }
        const sums = readSums(await store.rows<StoredRow>(sumsQuery(question)), question)
        assert.deepEqual(
          sums,
          {
            sessions: rows.length,
            parts: cell.values.map(({ metric: id, numerator, denominator }) => ({
              metric: id,
              numerator,
              denominator,
            })),
          },
          'of all pages, whatever the page',
        )
        for (const [i, { numerator, denominator }] of cell.values.entries()) {
          assert.deepEqual(
            [sum(rows.map(({ parts }) => parts[i]!.numerator)), sum(rows.map(({ parts }) => parts[i]!.denominator))],
            [numerator, denominator],
          )
        }
      }
    }
  })

  it('count those that were open in a period, whenever they began, as often as there are periods to compare', async () => {
    const [from, to] = [START + 30_000, START + 40_000]
    const open = sessions.filter(({ numbers }) => numbers.session_start < to && numbers.last_time >= from)
    assert.ok(open.length > 0 && open.length < sessions.length)
    const metrics = [metric('stall_count:cta2066'), metric('finish_rate:playloop')]
    const [row, before] = await ask({ metrics, from, to, time: 'open', compare: { from: from - 10_000, to: from } })
    assert.deepEqual(
      [row!.sessions, row!.values[0]!.numerator],
      [open.length, sum(open.map(({ numbers }) => numbers.stall_count))],
    )
    assert.equal(
      before!.sessions,
      sessions.filter(({ numbers }) => numbers.session_start < from && numbers.last_time >= from - 10_000).length,
    )
  })

  it('tell a session whole: its records, and what the metrics made of them', async () => {
    const wanted = sessions[4]!
    const tracks = timelineQueries({ clock: CLOCK, session_id: wanted.session_id })
    const found = await Promise.all(Object.values(tracks).map((query: Query) => store.rows<StoredRow>(query)))
    const own = found[0]!.map(readRecord)
    assert.equal(own.length, records.filter(({ session_id: id }) => id === wanted.session_id).length)
    const text = (session: Session | undefined): string =>
      JSON.stringify(session, (_, value: unknown) =>
        value instanceof Map ? [...(value as Map<unknown, unknown>)] : value,
      )
    assert.equal(text(sessionsOf(own, OVER)[0]), text(wanted))
  })

  it('list errors with who had them and when, and find the sessions of a code and of a profile', async () => {
    const rows = await store.rows<ErrorRow>(errorsQuery(SCOPE))
    const codes = sessions.flatMap(({ errors }) => [...errors.keys()])
    assert.deepEqual(
      rows.map(({ kind, code, sessions: count }) => [`${kind}:${code}`, count]).sort(),
      [...Map.groupBy(codes, (key) => key)].map(([key, all]) => [key, all.length]).sort(),
    )
    const [top] = rows
    const filters = { error_code: [top!.code] }
    const listed = readSessions(
      await store.rows<StoredRow>(sessionsQuery({ ...SCOPE, filters, order: 'errors', limit: 200 })),
      {},
    )
    assert.equal(
      listed.length,
      sessions.filter(({ errors }) => [...errors.keys()].some((key) => key.endsWith(`:${top!.code}`))).length,
    )
    assert.deepEqual([top!.first <= top!.last, top!.devices.length > 0], [true, true])
    const own = readSessions(
      await store.rows<StoredRow>(
        sessionsQuery({ ...SCOPE, filters: { profile_id: ['profile-3'] }, order: 'start', limit: 200 }),
      ),
      {},
    )
    assert.deepEqual(
      own.map(({ session_id: id }) => id).sort(),
      sessions
        .map(({ session_id: id }) => id)
        .filter((_, i) => i % 10 === 3)
        .sort(),
    )
  })
})
