/** Renditions and segment sizes for titles without a real encoding. */
import type { Rendition, Title } from './types.ts'

/**
 * Netflix's fixed ladder before per-title encoding (Netflix, "Per-Title Encode Optimization", 2015), with 96 kbit/s of
 * audio.
 */
export const FIXED_LADDER: readonly Rendition[] = [
  { name: '240p-331', kbps: 331, width: 320, height: 240 },
  { name: '288p-471', kbps: 471, width: 384, height: 288 },
  { name: '384p-656', kbps: 656, width: 512, height: 384 },
  { name: '480p-846', kbps: 846, width: 720, height: 480 },
  { name: '480p-1146', kbps: 1146, width: 720, height: 480 },
  { name: '480p-1846', kbps: 1846, width: 720, height: 480 },
  { name: '720p-2446', kbps: 2446, width: 1280, height: 720 },
  { name: '720p-3096', kbps: 3096, width: 1280, height: 720 },
  { name: '1080p-4396', kbps: 4396, width: 1920, height: 1080 },
  { name: '1080p-5896', kbps: 5896, width: 1920, height: 1080 },
]

/**
 * A title whose segments vary around the nominal bitrate as scenes do (between 0.6 and 1.4, mean 1), equally in every
 * rendition: a busy scene needs more bytes at each bitrate. Determined by `salt`, the hash of `id`.
 */
export function variableTitle(
  id: string,
  durationMs: number,
  salt: number,
  { ladder = FIXED_LADDER, segmentMs = 4000, fps = 24 } = {},
): Title {
  const bytes = (rendition: number, segment: number): number => {
    const length = Math.min(segmentMs, durationMs - segment * segmentMs)
    return Math.max(1, Math.round(((ladder[rendition]!.kbps * length) / 8) * scene(salt, segment)))
  }
  return { id, durationMs, segmentMs, fps, ladder, bytes }
}

/** Scenes last eight segments (about half a minute); within a scene the size varies a little. */
function scene(salt: number, segment: number): number {
  return 0.6 + 0.6 * unit(salt, segment >>> 3) + 0.2 * unit(salt ^ 0x5bd1e995, segment)
}

/** A number in [0, 1) from two integers (the finaliser of MurmurHash3). */
function unit(salt: number, index: number): number {
  let h = Math.imul(salt ^ Math.imul(index + 1, 0x9e3779b9), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
