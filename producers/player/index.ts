/** The player model's public interface. */
import { formatUuid, uuidV7 } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import { Player } from './player.ts'
import type { Beacon, PlayerConfig, PlaySetup, SessionTotals } from './types.ts'

export { Player } from './player.ts'
export { traceNetwork, type TracePiece } from './trace.ts'
export { variableTitle } from './ladder.ts'
export { unionLength } from './ledger.ts'
export type * from './types.ts'
export type { PlaybackTelemetryInput } from './telemetry.ts'

/**
 * Settings of hls.js 1.7, if it has them (30 s buffer, 500 kbit/s first estimate, 10 s to the first byte, 20 s per
 * fragment).
 */
export const HLS_JS: PlayerConfig = {
  name: 'hls.js/1.7.4',
  abr: 'bba',
  bufferTargetMs: 30_000,
  startBufferMs: 2_000,
  resumeBufferMs: 4_000,
  initialKbps: 500,
  firstByteTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  retries: 2,
  backoffMs: 1_000,
  startTimeoutMs: 60_000,
  seekDelayMs: 120,
  intervalMs: 10_000,
}

/** Plays a session to its end at once; returns its beacons in order of time and the ground truth. */
export function playAll(setup: PlaySetup): { beacons: Beacon[]; totals: SessionTotals } {
  const player = new Player(setup)
  const beacons: Beacon[] = []
  for (let beacon = player.next(); beacon !== undefined; beacon = player.next()) beacons.push(beacon)
  return { beacons, totals: player.totals! }
}

/** Event ids as text, UUIDv7: the same seed and times give the same ids. A device before 1970 gets ids of 1970. */
export const idsFrom =
  (random: Random): ((at: number) => string) =>
  (at) =>
    formatUuid(uuidV7(Math.max(at, 0), random))
