/**
 * When a session is over, as numbers. A session is one playback request (CTA-2066 playbackRequest): one instance of a
 * session id; a restart under the same id is another session.
 */

/** After this silence a session counts as over; a new record opens it again, ms. */
export const IDLE_MS = 1_800_000
/**
 * After this silence a session is over permanently: a later record would be another view. Source: Mux, 1 h after
 * playback stops.
 */
export const HARD_CLOSE_MS = 3_600_000
/**
 * How long records are waited for; until then figures may change. Later ones are clamped and flagged (clock 'live').
 */
export const SETTLED_MS = 86_400_000
/** A start-up longer than this has failed. Source: Bitmovin's start-up TIMEOUT. */
export const START_TIMEOUT_MS = 60_000
/** Maximum that counts of one stall, in definitions with a cap. Source: Mux ends a view after 300 s of stall. */
export const STALL_CAP_MS = 300_000
/** Open; silent (closed, may resume); over; over and no more records are waited for. */
export const STATUSES = ['open', 'idle', 'over', 'settled'] as const
export type Status = (typeof STATUSES)[number]
