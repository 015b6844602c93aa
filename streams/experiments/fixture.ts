import type { Store } from '../../platform/clickhouse/index.ts'

/** An exposure, which tests write directly into the landing table, without the sink. */
export interface Exposure {
  /** 32 hex digits. */
  readonly id: string
  readonly clock: string
  /** Event time, ms. */
  readonly at: number
  readonly experiment: string
  readonly unit: string
  /** Kind of unit; by default a profile. */
  readonly type?: string
  readonly variation: number
  readonly phase?: number
  readonly profile?: string
  readonly country?: string
  readonly forced?: boolean
  readonly enrolled?: boolean
  /** Log time, ms. */
  readonly received?: number
}

const RECEIVED = 1_795_000_000_000

/** Inserts exposures of profiles as one insert at consecutive offsets. */
export async function landExposures(store: Store, exposures: readonly Exposure[], offset: number): Promise<void> {
  const column = <T extends string | number>(pick: (exposure: Exposure) => T): T[] => exposures.map(pick)
  await store.exec({
    sql: `INSERT INTO experiment_exposures (event_id, clock, event_time, received_time, unit_type, unit_id, experiment_id, phase, variation, in_experiment, forced, profile_id, country, _partition, _offset)
      SETTINGS async_insert = 0, insert_deduplication_token = 'exposures-${offset}-${exposures.length}', max_threads = 1, max_insert_threads = 1
      SELECT unhex({ids:Array(String)}[i]), {clocks:Array(String)}[i], fromUnixTimestamp64Milli({times:Array(Int64)}[i]), fromUnixTimestamp64Milli({received:Array(Int64)}[i]),
        {types:Array(String)}[i], {units:Array(String)}[i], {experiments:Array(String)}[i], {phases:Array(Int32)}[i], {variations:Array(Int32)}[i], {enrolled:Array(UInt8)}[i], {forced:Array(UInt8)}[i],
        {profiles:Array(String)}[i], {countries:Array(String)}[i], 0, {offset:Int64} + i - 1
      FROM (SELECT arrayJoin(range(1, {n:UInt32} + 1)) AS i)`,
    params: {
      n: exposures.length,
      offset,
      ids: column(({ id }) => id),
      clocks: column(({ clock }) => clock),
      times: column(({ at }) => at),
      received: column(({ received }) => received ?? RECEIVED),
      units: column(({ unit }) => unit),
      types: column(({ type }) => type ?? 'profile'),
      experiments: column(({ experiment }) => experiment),
      phases: column(({ phase }) => phase ?? 0),
      variations: column(({ variation }) => variation),
      enrolled: column(({ enrolled }) => Number(enrolled ?? true)),
      forced: column(({ forced }) => Number(forced ?? false)),
      profiles: column(({ profile, unit, type }) => profile ?? (type === undefined ? unit : '')),
      countries: column(({ country }) => country ?? ''),
    },
  })
}
