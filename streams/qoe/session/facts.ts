import type { Level } from './levels.ts'
import { ROW_NAMES, SESSIONS } from './row.ts'
import { HARD_CLOSE_MS, IDLE_MS, SETTLED_MS, STALL_CAP_MS, START_TIMEOUT_MS } from './rules.ts'

/**
 * Sessions at the time of a query: stored rows and the values that depend on that time, with the names of reduce.ts; 0
 * and 1 mean no and yes. A query computes only the columns that it uses (levels.ts). Parameters: clock, now (watermark
 * of the clock, ms). No alias uses another of its own level.
 */

/** Values that depend on a stored row and the time of the query. */
const FACTS: Level = {
  columns: [
    'NOT cmcd AS exact',
    'startup_ms != -1 AS play',
    'errors_fatal > 0 AS fatal',
    'last_seq + 1 AS expected',
    '{now:Int64} - last_time AS silent',
    `ended OR {now:Int64} - last_time >= ${IDLE_MS} AS closed`,
    `if(ended, 0, least(greatest({now:Int64} - last_time, 0), ${IDLE_MS})) AS tail_ms`,
    `told_timeout OR (errors_fatal = 0 AND starting_ms - ad_playing_ms >= ${START_TIMEOUT_MS}) AS late`,
    `least(stall_ms, greatest(stall_count, 1) * ${STALL_CAP_MS}) AS stall_capped_ms`,
    'if(startup_ms < 0, -1, greatest(0, startup_ms - greatest(startup_player_ms, 0) - greatest(startup_drm_ms, 0) - greatest(startup_ad_ms, 0))) AS startup_content_ms',
  ],
}

/** Attempts end in exactly one way. */
const ENDINGS: Level = {
  columns: [
    'arraySum(hidden_parts) + tail_ms AS hidden_ms',
    `multiIf(NOT closed, 0, silent >= ${SETTLED_MS}, 3, ended OR silent >= ${HARD_CLOSE_MS}, 2, 1) AS status`,
    'NOT play AND (fatal OR late) AND told_business AS vsf_business',
    'NOT play AND (fatal OR late) AND NOT told_business AS vsf_technical',
    'NOT play AND late AS vsf_timeout',
    'closed AND NOT play AND NOT (fatal OR late) AS ebvs',
    'play AND fatal AND told_business AS vpf_business',
    'play AND fatal AND NOT told_business AS vpf_technical',
    'play AND NOT fatal AND told_finished AS finished',
    'closed AND play AND NOT fatal AND NOT told_finished AS quit',
    'closed AND play AND NOT fatal AND NOT told_finished AND stalled AS exit_in_stall',
  ],
}

/** What a query reads: the newest row of each session. */
export const SESSIONS_NOW = `${SESSIONS} FINAL`

/** Sessions that meet a condition on stored rows. For use over `SESSIONS_NOW`. */
export const sessionLevels = (rows: string): Level[] => [
  { columns: [...ROW_NAMES, 'cityHash64(session_id, instance) AS key'], where: `clock = {clock:String} AND (${rows})` },
  FACTS,
  ENDINGS,
]
