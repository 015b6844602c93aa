import type { Store } from '../../platform/clickhouse/index.ts'
import type { TouchedDomain } from './domain.ts'

/** A viewer's action, which tests write directly into the landing table, without the sink. */
export interface Action {
  /** 32 hex digits. */
  readonly id: string
  readonly clock: string
  /** Event time, ms. */
  readonly at: number
  readonly profile: string
  readonly household?: string
  readonly action: string
  readonly title?: string
  readonly session?: string
  readonly country?: string
  readonly watched?: number | null
  readonly rating?: number | null
  /** Log time, ms; by default the same month for all. */
  readonly received?: number
  readonly skew?: number | null
}

export interface Place {
  readonly partition?: number
  /** Offset of the first action; the others follow. */
  readonly offset: number
  readonly token?: string
}

export const RECEIVED = 1_795_000_000_000

/** Inserts actions as one insert at consecutive offsets. */
export async function land(
  store: Store,
  actions: readonly Action[],
  { partition = 0, offset, token = `${partition}-${offset}-${actions[0]?.clock}` }: Place,
): Promise<void> {
  const column = (pick: (action: Action) => string | number | null): (string | number | null)[] => actions.map(pick)
  await store.exec({
    sql: `INSERT INTO viewer_actions (event_id, clock, event_time, received_time, skew_ms, profile_id, household_id, action, title_id, session_id, country, watched_ms, rating_centi, _partition, _offset)
      SETTINGS async_insert = 0, insert_deduplication_token = '${token}', max_threads = 1, max_insert_threads = 1
      SELECT unhex({ids:Array(String)}[i]), {clocks:Array(String)}[i], fromUnixTimestamp64Milli({times:Array(Int64)}[i]), fromUnixTimestamp64Milli({received:Array(Int64)}[i]),
        {skews:Array(Nullable(Int32))}[i], {profiles:Array(String)}[i], {households:Array(String)}[i], {actions:Array(String)}[i], {titles:Array(String)}[i], {sessions:Array(String)}[i],
        {countries:Array(String)}[i], {watched:Array(Nullable(Int64))}[i], {ratings:Array(Nullable(Int32))}[i], {partition:Int32}, {offset:Int64} + i - 1
      FROM (SELECT arrayJoin(range(1, {n:UInt32} + 1)) AS i)`,
    params: {
      n: actions.length,
      partition,
      offset,
      ids: column(({ id }) => id),
      clocks: column(({ clock }) => clock),
      times: column(({ at }) => at),
      received: column(({ received }) => received ?? RECEIVED),
      skews: column(({ skew }) => skew ?? null),
      profiles: column(({ profile }) => profile),
      households: column(({ household }) => household ?? ''),
      actions: column(({ action }) => action),
      titles: column(({ title }) => title ?? ''),
      sessions: column(({ session }) => session ?? ''),
      countries: column(({ country }) => country ?? ''),
      watched: column(({ watched }) => watched ?? null),
      ratings: column(({ rating }) => rating ?? null),
    },
  })
}

/** An event id derived from a small number. */
export const idOf = (n: number, space = 0): string =>
  `${space.toString(16).padStart(16, '0')}${n.toString(16).padStart(16, '0')}`

/** Sets the engine's clock to so many ms from now, as far as views write it beside what lands. */
export async function setClock(store: Store, ms: number): Promise<void> {
  const views = await store.rows<{ name: string; as_select: string }>(
    "SELECT name, as_select FROM system.tables WHERE engine = 'MaterializedView' AND position(as_select, 'now64(3)') > 0",
  )
  const now = `now64(3) + toIntervalMillisecond(${ms})`
  for (const { name, as_select: select } of views)
    await store.exec(
      `ALTER TABLE ${name} MODIFY QUERY ${select.replace(/\(?now64\(3\)( \+ toIntervalMillisecond\(-?\d+\)\)?)?/, now)}`,
    )
}

/** Events and watched time of a profile: small enough to check by eye. */
export const profileSum: TouchedDomain = {
  name: 'profile_sum',
  version: 1,
  topic: 'viewer.actions',
  touches: "e.action != 'erasure'",
  keys: [
    { name: 'clock', type: 'LowCardinality(String)', from: 'e.clock' },
    { name: 'profile', type: 'String', from: 'e.profile_id' },
  ],
  orderReason: 'one profile is asked for',
  facts: [{ name: 'watched', type: 'Int64', from: 'ifNull(e.watched_ms, 0)' }],
  values: [
    { name: 'events', type: 'UInt64' },
    { name: 'watched_sum', type: 'Int64' },
  ],
  recompute:
    'SELECT clock, profile, countIf(live) AS events, sumIf(watched, live) AS watched_sum, sum(e.weight) AS version FROM {events} AS e GROUP BY clock, profile',
  shown: 'events > 0',
  feedsErasures: true,
}

/** An action of a profile of that domain. */
export const actOf = (n: number, clock: string, profile: string, watched = 1, more: Partial<Action> = {}): Action => ({
  id: idOf(n),
  clock,
  at: 1_000 + n,
  profile,
  action: 'play',
  title: 't',
  watched,
  ...more,
})
