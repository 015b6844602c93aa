import { Type } from 'typebox'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { HttpServer } from '../../platform/http/index.ts'
import { actionsPerMinute, topTitles, type MinuteActions, type TopTitle } from '../../streams/popularity/queries.ts'
import { latestActions, titleNames, type LatestActions } from './queries.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

const ActionsQuery = Type.Object({
  clock: Type.String({ default: 'world', maxLength: 64 }),
  minutes: Type.Integer({ default: 15, minimum: 1, maximum: 1_440 }),
})
const Title = Type.Object({
  title_id: Type.String(),
  name: Type.String({ description: 'empty when the catalogue does not know the title' }),
  impressions: Type.Number(),
  clicks: Type.Number(),
  plays: Type.Number(),
  finishes: Type.Number(),
  ratings: Type.Number(),
  rating_centi: Type.Union([Type.Number(), Type.Null()]),
})
export const ActionsAnswer = Type.Object({
  clock: Type.String(),
  now: Type.Union([Type.Integer(), Type.Null()], {
    description: 'minute that the clock has reached by its actions, ms; null without data',
  }),
  total: Type.Integer({ description: 'actions of the clock that are in the table' }),
  minutes: Type.Array(Type.Object({ minute: Type.Integer(), action: Type.String(), events: Type.Integer() })),
  top_titles: Type.Array(Title),
})

/** `GET /v1/actions/live`: viewers' actions on a clock, by minute, and the titles of its last day. */
export function serveActions(app: HttpServer, store: Store): void {
  app.get(
    '/v1/actions/live',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What viewers do: actions a minute and top titles',
        querystring: ActionsQuery,
        response: { 200: ActionsAnswer },
      },
    },
    async (request) => {
      const { clock, minutes } = request.query
      const [latest] = await store.rows<LatestActions>(latestActions(clock))
      if (latest === undefined || latest.total === 0) return { clock, now: null, total: 0, minutes: [], top_titles: [] }
      const to = latest.now + MINUTE_MS
      const [perMinute, titles] = await Promise.all([
        store.rows<MinuteActions>(actionsPerMinute({ clock, from: to - minutes * MINUTE_MS, to })),
        store.rows<TopTitle>(topTitles({ clock, from: to - 24 * HOUR_MS, to, limit: 10 })),
      ])
      const names = new Map(
        (await store.rows<{ title_id: string; name: string }>(titleNames(titles.map(({ title_id }) => title_id)))).map(
          ({ title_id, name }) => [title_id, name],
        ),
      )
      return {
        clock,
        now: latest.now,
        total: latest.total,
        minutes: perMinute,
        top_titles: titles.map((title) => ({ ...title, name: names.get(title.title_id) ?? '' })),
      }
    },
  )
}
