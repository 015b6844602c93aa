import type { Rendition, Title } from '../../player/index.ts'
import { fail } from '../errors.ts'

/** Sizes of an encoded film's segments, as in SABRE's chunk files. */
export interface ChunkSizes {
  readonly segmentMs: number
  /** Ascending. */
  readonly kbps: readonly number[]
  /** Bits, by segment, then by rendition. */
  readonly bits: readonly (readonly number[])[]
}

/** `{segment_duration_ms, bitrates_kbps, segment_sizes_bits}`. */
export function readChunkSizes(value: unknown, path: string): ChunkSizes {
  const {
    segment_duration_ms: segmentMs,
    bitrates_kbps: kbps,
    segment_sizes_bits: bits,
  } = (value ?? {}) as Record<string, unknown>
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 0 && list.every((n) => typeof n === 'number' && n > 0)
  const sound =
    numbers([segmentMs]) &&
    numbers(kbps) &&
    Array.isArray(bits) &&
    bits.length > 0 &&
    (bits as unknown[]).every((row) => numbers(row) && row.length === kbps.length)
  if (!sound)
    throw fail('REPLAY_FILE_ODD', {
      path,
      reason: 'it does not tell sizes by segment and bitrate',
      hint: 'fetch the archive again',
    })
  return { segmentMs: segmentMs as number, kbps, bits: bits as number[][] }
}

export const BUNNY_ID = 'trace-big-buck-bunny'

/** Heights that encoders use at such bitrates: the archive only contains bitrates. */
const heightFor = (kbps: number): number =>
  [
    [400, 240],
    [600, 288],
    [900, 360],
    [1_200, 432],
    [1_800, 576],
    [3_500, 720],
  ].find(([most]) => kbps <= most!)?.[1] ?? 1_080

export function bigBuckBunny({ segmentMs, kbps, bits }: ChunkSizes): Title {
  const ladder: Rendition[] = kbps.map((rate) => {
    const height = heightFor(rate)
    return { name: `${height}p-${rate}`, kbps: rate, width: Math.round((height * 16) / 9 / 2) * 2, height }
  })
  return {
    id: BUNNY_ID,
    durationMs: bits.length * segmentMs,
    segmentMs,
    fps: 24,
    ladder,
    bytes: (rendition, segment) => Math.ceil(bits[segment]![rendition]! / 8),
  }
}
