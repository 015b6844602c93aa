/**
 * When a session is over, as numbers. A session is one playback request (CTA-2066 playbackRequest): an instance of a
 * session id; a restart under the same id is another session.
 */

/** Silent for so long, a session counts as over; it is open again if it is heard again, ms. */
export const IDLE_MS = 1_800_000
/**
 * Silent for so long it is over for good: what came later would be another view. Source: Mux, 1 h after playback stops.
 */
export const HARD_CLOSE_MS = 3_600_000
/**
 * Records are waited for so long; until then figures may be taken back. Later ones are clamped and flagged (clock
 * 'live').
 */
export const SETTLED_MS = 86_400_000
/** A start-up longer than this has failed. Source: Bitmovin's start-up TIMEOUT. */
export const START_TIMEOUT_MS = 60_000
/** No more of one stall counts, where a definition caps it. Source: Mux ends a view after 300 s of stall. */
export const STALL_CAP_MS = 300_000
/** Open; silent (closed, may come back); over; over and no record is waited for any more. */
export const STATUSES = ['open', 'idle', 'over', 'settled'] as const
export type Status = (typeof STATUSES)[number]
