import type { Store } from '../../platform/clickhouse/index.ts'
export { DAY_MS } from '../../platform/time.ts'
import { DAY_MS } from '../../platform/time.ts'

export const CLOCK = 'bench'
export const DAYS = 14
/** A heartbeat every 10 s of a ten-minute play, and its events. */
export const RECORDS_A_SESSION = 62
const PER_INSERT = 500_000

/** Id, start and traits of session `s`, from its number alone; ids begin with the time, as UUIDv7 do. */
const session = (start: number, sessions: number): string => `
  toInt64(${start} + intDiv(s * ${DAYS * DAY_MS}, ${sessions})) AS begun,
  concat(lower(leftPad(hex(toUInt64(begun)), 12, '0')), lower(hex(sipHash64(s)))) AS sid,
  sipHash64(s, 1) AS h, h % 100 AS luck,
  ['US', 'DE', 'FR', 'NL', 'BR', 'IN', 'GB', 'JP', 'ES', 'IT', 'PL', 'SE'][1 + least(h % 5, h % 12)] AS land,
  concat('title-', toString(least(intDiv(h, 7) % 3000, intDiv(h, 11) % 3000))) AS title,
  ['tv', 'phone', 'tablet', 'desktop', 'console', 'stick'][1 + intDiv(h, 13) % 6] AS dev,
  concat('4.', toString(intDiv(h, 17) % 9)) AS app, 3000 + intDiv(h, 19) % 60 AS net, intDiv(h, 23) % 120 AS box`

/** Raw telemetry, in order of session, straight into the landing table. */
export async function fillRaw(store: Store, start: number, sessions: number): Promise<void> {
  const rows = sessions * RECORDS_A_SESSION
  for (let from = 0; from < rows; from += PER_INSERT) {
    await store.exec(`INSERT INTO playback_telemetry (event_id, clock, event_time, received_time, session_id, instance, segment, seq, session_start, segment_start, event, state, title_id, profile_id,
  country, asn, device, app_version, player, oca, pathway, startup_ms, starting_ms, playing_ms, media_ms, bits_played, playhead_ms, watched_from_ms, title_duration_ms, bitrate_kbps, _partition, _offset)
SETTINGS max_block_size = 32768, min_insert_block_size_rows = 65536, max_threads = 1
SELECT unhex(leftPad(hex(n), 32, '0')), '${CLOCK}', fromUnixTimestamp64Milli(begun + k * 10000), fromUnixTimestamp64Milli(begun + k * 10000 + 100), sid, begun, 0, k, fromUnixTimestamp64Milli(begun), fromUnixTimestamp64Milli(begun),
  't', 'p', title, concat('profile-', toString(s % 20000)), land, net, dev, app, 'hls.js/1.7.4', concat('oca-', toString(box)), 'a', 900, 900, k * 10000, k * 10000, k * 43000000, k * 10000, 0, 5400000, 4300, 0, n
FROM (SELECT n, s, k, ${session(start, sessions)} FROM (SELECT number + ${from} AS n, intDiv(n, ${RECORDS_A_SESSION}) AS s, n % ${RECORDS_A_SESSION} AS k FROM numbers(${Math.min(PER_INSERT, rows - from)})))`)
  }
}

/**
 * The state that the view would have made of it: two rows a segment, as between merges; a fifth of the sessions changed
 * OCA.
 */
export async function fillSegments(store: Store, start: number, sessions: number): Promise<void> {
  for (const [round, share] of [
    [0, 31],
    [1, RECORDS_A_SESSION],
  ] as const) {
    for (const segment of [0, 1]) {
      await store.exec(`INSERT INTO qoe_segment_v1 (clock, session_id, instance, segment, title_id, country, device, player, oca, pathway, asn, app_version, first_time, last_time, session_start, segment_start, startup_ms, startup_player_ms,
  starting_ms, playing_ms, stall_connection_ms, stall_connection_count, seeking_ms, seek_count, paused_ms, media_ms, bits_played, vmaf_centi_ms, vmaf_known_ms, switches_up, switches_down, frames_dropped, frames_rendered,
  errors_technical, errors_fatal, title_duration_ms, bitrate_kbps, first_bitrate, live_latency_ms, live_latency_least_ms, last_state, ended, finished, last_seq, seqs, watched, errors, errors_first, end_reasons)
SETTINGS insert_deduplicate = 0, max_block_size = 16384, min_insert_block_size_rows = 16384, max_threads = 1
SELECT '${CLOCK}', sid, begun, ${segment}, title, land, dev, 'hls.js/1.7.4', concat('oca-', toString((box + ${segment}) % 120)), ['a', 'b'][1 + (box + ${segment}) % 2], net, app, begun + ${segment} * 310000, begun + last * 10000, begun, begun + ${segment} * 310000,
  if(luck < 3, -1, up), 200, if(${segment} = 0, if(luck < 3, 4000, up), 0), if(luck < 3, 0, last * 10000 - stalled), stalled, luck % 7 = 0, luck * 3, luck % 9 = 0, luck * 50, if(luck < 3, 0, last * 10000), last * 43000000, last * 10000 * 9000, last * 10000, luck % 4, luck % 5, luck, last * 250,
  luck = 1, luck = 1, 5400000, 3000 + luck * 20, if(luck < 3, ${2 ** 53 - 1}, 2000 + luck), -1, ${2 ** 53 - 1}, last * 16 + 2, ${round}, luck > 60, last, bitmapBuild(arrayMap(x -> toUInt32(x), range(${segment} * 31, greatest(last + 1, ${segment} * 31)))), map(toInt64(0), toInt64(last * 10000 + 1)),
  if(luck < 6, map(concat('technical:E', toString(luck)), begun + last * 10000), CAST(map(), 'Map(String, Int64)')), if(luck < 6, map(concat('technical:E', toString(luck)), begun + last * 10000), CAST(map(), 'Map(String, Int64)')),
  if(${round} = 1, map(if(luck > 60, 'finished', 'quit'), begun + last * 10000), CAST(map(), 'Map(String, Int64)'))
FROM (SELECT *, if(luck % 7 = 0, intDiv(h, 29) % 20000, 0) AS stalled, toInt64(300 + intDiv(h, 31) % 4000) AS up, toInt64(least(${share}, ${segment === 0 ? 'if(s % 5 = 0, 31, 62)' : '62'})) AS last
  FROM (SELECT number AS s, ${session(start, sessions)} FROM numbers(${sessions})))
WHERE ${segment === 0 ? '1' : `s % 5 = 0 AND ${round} = 1`}`)
    }
  }
}

/** Who played what: a row a session. */
export async function fillActions(store: Store, start: number, sessions: number): Promise<void> {
  await store.exec(`INSERT INTO viewer_actions (event_id, clock, event_time, received_time, profile_id, action, title_id, session_id, _partition, _offset)
SETTINGS max_threads = 1, max_block_size = 32768, min_insert_block_size_rows = 65536
SELECT unhex(leftPad(hex(s), 32, '1')), '${CLOCK}', fromUnixTimestamp64Milli(begun), fromUnixTimestamp64Milli(begun), concat('profile-', toString(s % 20000)), 'play', title, sid, 0, s
FROM (SELECT number AS s, ${session(start, sessions)} FROM numbers(${sessions}))`)
}
