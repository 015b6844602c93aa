import type { Store } from '../../platform/clickhouse/index.ts'

export const CLOCK = 'live'
export const HONEST = 1_000
const HEARTBEAT_MS = 10_000
const HONEST_PARTITION = 1

/** Records are landed by SQL, through the views, as the sink's inserts are: Avro from HTTP would cost more than they. */
const insert = (
  columns: string,
  from: string,
): string => `INSERT INTO playback_telemetry (event_id, clock, event_time, received_time, sender, session_id, instance, segment, seq, session_start, segment_start, event, state, title_id,
  country, asn, device, app_version, player, oca, startup_ms, starting_ms, playing_ms, media_ms, bits_played, bitrate_kbps, _partition, _offset)
SETTINGS async_insert = 0, max_block_size = 65536, min_insert_block_size_rows = 65536, max_threads = 1
SELECT ${columns}
FROM ${from}`

const ms = (time: string): string => `fromUnixTimestamp64Milli(toInt64(${time}))`

/** `count` sessions that send one record and are never heard again, from session `from` on, with invented values. */
export const inventSessions = (store: Store, from: number, count: number, values: number, now: number): Promise<void> =>
  store.exec(
    insert(
      `unhex(leftPad(hex(n), 32, '7')), '${CLOCK}', ${ms(String(now))}, ${ms(String(now))}, 1 + n % 50, concat('f', lower(hex(sipHash64(n)))), ${now}, 0, 0, ${ms(`${now} - 2000`)}, ${ms(`${now} - 2000`)},
  't', 'p', 'film', concat('c', toString(n % ${values})), 1 + n % ${values}, concat('d', toString(n % ${values})), concat('v', toString(n % ${values})), 'x', concat('o', toString(n % ${values})), 500, 500, 1500, 1500, 6000000, 4000, 0, n`,
      `(SELECT number + ${from} AS n FROM numbers(${count}))`,
    ),
  )

/** One heartbeat of each honest player, the `round`-th. */
export const beat = (store: Store, round: number, start: number, now: number): Promise<void> =>
  store.exec(
    insert(
      `unhex(leftPad(hex(s + ${round * HONEST}), 32, '8')), '${CLOCK}', ${ms(String(now))}, ${ms(String(now))}, 100 + s, concat('honest-', toString(s)), ${start}, 0, ${round}, ${ms(String(start))}, ${ms(String(start))},
  't', 'p', 'film', ['DE', 'FR', 'BR'][1 + s % 3], 100 + s % 5, ['tv', 'phone'][1 + s % 2], '4.1', 'x', concat('oca-', toString(s % 10)), 800, 800, greatest(0, ${now - start} - 800), greatest(0, ${now - start} - 800), 4000 * greatest(0, ${now - start} - 800), 4000, ${HONEST_PARTITION}, s + ${round * HONEST}`,
      `(SELECT toInt64(number) AS s FROM numbers(${HONEST}))`,
    ),
  )

/** Sends heartbeats of the honest players until stopped. */
export function play(store: Store): { stop(): Promise<number> } {
  const start = Date.now()
  let [round, isOver] = [0, false]
  const run = async (): Promise<void> => {
    for (let due = start; !isOver; due += HEARTBEAT_MS) {
      await beat(store, round++, start, Date.now())
      while (!isOver && Date.now() < due + HEARTBEAT_MS) await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const running = run()
  return { stop: () => ((isOver = true), running.then(() => round * HONEST)) }
}
