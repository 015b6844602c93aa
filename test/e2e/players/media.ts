/**
 * Some seconds of fragmented MP4 (VP9) with HLS and DASH manifests, made by the browser's own encoder and the boxes
 * below: enough for a player to start, play and end, with no tool beside the browser. Source: ISO/IEC 14496-12; VP
 * Codec ISO Media File Format Binding 1.0.
 */
import type { Page } from 'playwright-core'

const WIDTH = 160
const HEIGHT = 90
/** Units of time are ms. */
const FRAME_MS = 80
const FRAMES_A_SEGMENT = 25
const SEGMENT_S = (FRAME_MS * FRAMES_A_SEGMENT) / 1_000
const CODEC = 'vp09.00.10.08'

/** A file as a site serves it. */
export interface MediaFile {
  readonly type: string
  readonly body: Buffer | string
}

/** The init segment, then media segments from 1; encoded in the page, which must be a secure context. */
export async function encodeSegments(page: Page, segments: number): Promise<Buffer[]> {
  const frames = await encodeFrames(page, segments * FRAMES_A_SEGMENT)
  const media = Array.from({ length: segments }, (_, n) =>
    segment(n, frames.slice(n * FRAMES_A_SEGMENT, (n + 1) * FRAMES_A_SEGMENT)),
  )
  return [init(), ...media]
}

/** Manifests of a film of so many segments, by name; its segments are `0.m4s`, the init segment, and `1.m4s` …. */
export const manifestsOf = (segments: number): Readonly<Record<string, MediaFile>> => ({
  'main.m3u8': {
    type: 'application/vnd.apple.mpegurl',
    body: `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=${WIDTH}x${HEIGHT},CODECS="${CODEC}"\nvideo.m3u8\n`,
  },
  'video.m3u8': { type: 'application/vnd.apple.mpegurl', body: playlist(segments) },
  'main.mpd': { type: 'application/dash+xml', body: mpd(segments) },
})

async function encodeFrames(page: Page, count: number): Promise<Buffer[]> {
  const base64 = await page.evaluate(`(async () => {
    const frames = []
    const encoder = new VideoEncoder({ output: (chunk) => { const bytes = new Uint8Array(chunk.byteLength); chunk.copyTo(bytes); frames.push(btoa(String.fromCharCode(...bytes))) }, error: (error) => { throw error } })
    encoder.configure({ codec: '${CODEC}', width: ${WIDTH}, height: ${HEIGHT}, bitrate: 200000, framerate: ${1_000 / FRAME_MS} })
    const canvas = new OffscreenCanvas(${WIDTH}, ${HEIGHT})
    const draw = canvas.getContext('2d')
    for (let n = 0; n < ${count}; n++) {
      draw.fillStyle = 'hsl(' + n * 5 + ' 60% 50%)'
      draw.fillRect(0, 0, ${WIDTH}, ${HEIGHT})
      const frame = new VideoFrame(canvas, { timestamp: n * ${FRAME_MS * 1_000} })
      encoder.encode(frame, { keyFrame: n % ${FRAMES_A_SEGMENT} === 0 })
      frame.close()
    }
    await encoder.flush()
    return frames
  })()`)
  return (base64 as string[]).map((text) => Buffer.from(text, 'base64'))
}

const playlist = (segments: number): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(SEGMENT_S)}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-MAP:URI="0.m4s"',
    ...Array.from({ length: segments }, (_, n) => `#EXTINF:${SEGMENT_S},\n${n + 1}.m4s`),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')

const mpd = (segments: number): string => `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles="urn:mpeg:dash:profile:isoff-live:2011" mediaPresentationDuration="PT${segments * SEGMENT_S}S" minBufferTime="PT1S">
<Period><AdaptationSet mimeType="video/mp4" contentType="video" segmentAlignment="true"><SegmentTemplate media="$Number$.m4s" initialization="0.m4s" duration="${SEGMENT_S * 1_000}" timescale="1000" startNumber="1"/>
<Representation id="v" bandwidth="300000" codecs="${CODEC}" width="${WIDTH}" height="${HEIGHT}"/></AdaptationSet></Period></MPD>
`

const u8 = (...values: number[]): Buffer => Buffer.from(values)
const u16 = (value: number): Buffer => u8(value >> 8, value & 0xff)
function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => out.writeUInt32BE(value >>> 0, 4 * i))
  return out
}
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(8 + body.length), Buffer.from(type), body])
}
const full = (type: string, version: number, flags: number, ...parts: Buffer[]): Buffer =>
  box(type, u32((version << 24) | flags), ...parts)
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** ftyp and moov: one track, no samples of its own. */
function init(): Buffer {
  const sampleEntry = box(
    'vp09',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(WIDTH),
    u16(HEIGHT),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24),
    u16(0xffff),
    // Profile 0, level 1.0, 8 bits, 4:2:0, BT.709.
    full('vpcC', 1, 0, u8(0, 10, 0x82, 1, 1, 1, 0, 0)),
  )
  const table = box(
    'stbl',
    full('stsd', 0, 0, u32(1), sampleEntry),
    ...['stts', 'stsc', 'stco'].map((type) => full(type, 0, 0, u32(0))),
    full('stsz', 0, 0, u32(0, 0)),
  )
  const information = box(
    'minf',
    full('vmhd', 0, 1, Buffer.alloc(8)),
    box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1))),
    table,
  )
  const media = box(
    'mdia',
    full('mdhd', 0, 0, u32(0, 0, 1_000, 0), u16(0x55c4), u16(0)),
    full('hdlr', 0, 0, u32(0), Buffer.from('vide'), Buffer.alloc(12), Buffer.from('v\0')),
    information,
  )
  const track = box(
    'trak',
    full('tkhd', 0, 3, u32(0, 0, 1, 0, 0, 0, 0, 0, 0), MATRIX, u32(WIDTH << 16, HEIGHT << 16)),
    media,
  )
  const movie = full(
    'mvhd',
    0,
    0,
    u32(0, 0, 1_000, 0, 0x10000),
    u16(0x100),
    Buffer.alloc(10),
    MATRIX,
    Buffer.alloc(24),
    u32(2),
  )
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6'), u32(0), Buffer.from('iso6mp41')),
    box('moov', movie, track, box('mvex', full('trex', 0, 0, u32(1, 1, 0, 0, 0)))),
  ])
}

/** moof and mdat of one run of frames, the first of which is a key frame. */
function segment(number: number, frames: readonly Buffer[]): Buffer {
  const KEY = 0x0200_0000
  const DELTA = 0x0101_0000
  const samples = frames.map(({ length }, i) => u32(length, i === 0 ? KEY : DELTA))
  const start = number * FRAMES_A_SEGMENT * FRAME_MS
  const moof = (offset: number): Buffer =>
    box(
      'moof',
      full('mfhd', 0, 0, u32(number + 1)),
      box(
        'traf',
        full('tfhd', 0, 0x020008, u32(1, FRAME_MS)),
        full('tfdt', 1, 0, u32(0, start)),
        full('trun', 0, 0x000601, u32(frames.length, offset), ...samples),
      ),
    )
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', ...frames)])
}
