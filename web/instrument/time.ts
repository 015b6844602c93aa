import { add, type CounterName, type State } from './state.ts'
import type { Sight } from './types.ts'

/** A playhead frozen for this long is a stall, dated back to its last progress (Mux), ms. */
const FROZEN_MS = 1_000
/** A freeze that ended sooner counts if it was longer than this (Mux), ms. */
const FLICKER_MS = 250
/** Without a look for this long, the device slept (Mux), ms. */
export const ASLEEP_MS = 30_000
/**
 * A playhead that moves more than twice as fast as time jumped instead of playing (NPAW); tolerance for a slow clock,
 * ms.
 */
const JUMP_MS = 500
/**
 * With this much media ahead of a frozen playhead, the network is not the cause (Puffer's rule for slow decoders), ms.
 */
const DECODER_BUFFER_MS = 5_000

/** Media time played since the last progress, ms; 0 if the playhead stood still, went back or jumped. */
export function movedBy({ last, at }: State, { position, at: now, rate, seeking }: Sight): number {
  const moved = position - last.position
  return seeking || last.seeking || moved <= 0 || moved > (2 * (now - at) * rate) / 1_000 + JUMP_MS ? 0 : moved
}

/**
 * Assigns wall time up to the sight to the present state. `moved`: media ms; `settle`: undecided time is decided now.
 */
export function pass(state: State, sight: Sight, moved: number, settle: boolean): State {
  const { phase } = state
  const ms = Math.max(0, sight.at - state.at)
  const media = leapt(state, sight) ? Math.round((Math.max(0, sight.at - state.seen) * sight.rate) / 1_000) : moved
  const played = Math.min(ms, Math.round((media * 1_000) / Math.max(1, sight.rate)))
  const frozen = ms - played
  if (phase === 'a') return spend(state, 'paused_ms', ms)
  if (phase === 'p' && media === 0 && frozen < FROZEN_MS && !settle) return state
  const shown = media > 0 ? spend(show(state, sight, media), 'playing_ms', played) : state
  if (frozen >= ASLEEP_MS && sight.at - state.seen >= ASLEEP_MS) return spend(shown, 'waiting_ms', frozen)
  if (phase !== 'p')
    return spend(shown, phase === 'r' ? stallOf(state) : phase === 's' ? 'starting_ms' : 'seeking_ms', frozen)
  return frozen > FLICKER_MS ? stall(shown, sight, frozen, media) : spend(shown, 'playing_ms', frozen)
}

/**
 * A seek began since the last look. The playhead's position just before is unknown: it kept playing after the last
 * look.
 */
const leapt = ({ phase, last }: State, { seeking }: Sight): boolean => phase === 'p' && seeking && !last.seeking

/** Counts the freeze as a stall, which continues until the playhead moves again. */
function stall(state: State, { buffer }: Sight, frozen: number, media: number): State {
  const cause = (buffer ?? 0) >= DECODER_BUFFER_MS ? 'decoder' : 'connection'
  return spend(
    add({ ...state, cause, phase: media > 0 ? 'p' : 'r' }, { [`stall_${cause}_count`]: 1 }),
    `stall_${cause}_ms`,
    frozen,
  )
}

const stallOf = ({ cause }: State): CounterName => `stall_${cause}_ms`

const spend = (state: State, name: CounterName, ms: number): State => ({
  ...add(state, { [name]: ms }),
  at: state.at + ms,
})

/** Counts media ms shown: bits if the host reported the bitrate, and how far the picture was scaled (Mux). */
function show(state: State, { width, height, playerWidth, playerHeight }: Sight, ms: number): State {
  const permille =
    width * height * playerWidth * playerHeight === 0
      ? 1_000
      : Math.round(1_000 * Math.min(playerWidth / width, playerHeight / height))
  const [up, down] = [Math.max(0, permille - 1_000), Math.max(0, 1_000 - permille)]
  const { upscale_max_permille: mostUp, downscale_max_permille: mostDown } = state.counters
  return add(state, {
    media_ms: ms,
    bits_played: ms * (state.bitrate_kbps ?? 0),
    upscale_permille_ms: ms * up,
    downscale_permille_ms: ms * down,
    upscale_max_permille: Math.max(0, up - mostUp),
    downscale_max_permille: Math.max(0, down - mostDown),
  })
}

/** Frames since the last sight; for a newly loaded source they start at 0 again. */
export function frames(state: State, { frames: all, dropped }: Sight): State {
  const { last } = state
  const [more, lost] = all < last.frames ? [all, dropped] : [all - last.frames, dropped - last.dropped]
  return more === 0 && lost === 0
    ? state
    : add(state, { frames_rendered: Math.max(0, more - lost), frames_dropped: Math.max(0, lost) })
}
