/** Tokens of CTA-5004-B and what they mean. */

/** Events (`e`). `h` is in the standard, although some libraries do not know it. */
export const EVENTS = {
  abs: 'ad break start',
  abe: 'ad break end',
  ae: 'ad end',
  as: 'ad start',
  b: 'backgrounded',
  bc: 'bitrate change',
  c: 'content id change',
  ce: 'custom event',
  e: 'error',
  h: 'host name change',
  m: 'mute',
  pc: 'player collapse',
  pe: 'player expand',
  pr: 'playback rate change',
  ps: 'play state change',
  rr: 'response received',
  sk: 'skip',
  t: 'time interval',
  um: 'unmute',
} as const
export type EventToken = keyof typeof EVENTS

/** Player states (`sta`). `w` is in the list of tokens without a description. */
export const STATES = {
  s: 'starting',
  p: 'playing',
  k: 'seeking',
  r: 'rebuffering',
  a: 'paused',
  w: 'waiting',
  e: 'ended',
  f: 'fatal error',
  q: 'quit',
  d: 'preloading',
} as const
export type StateToken = keyof typeof STATES

/** Object types (`ot`, and the parameter of items of inner lists). */
export const OBJECT_TYPES = {
  m: 'manifest or playlist',
  a: 'audio',
  v: 'video',
  av: 'audio and video',
  i: 'init segment',
  c: 'caption',
  tt: 'timed text track',
  k: 'key, licence or certificate',
  o: 'other',
} as const
export type ObjectType = keyof typeof OBJECT_TYPES

/** Stream types (`st`). */
export const STREAM_TYPES = { v: 'on demand', l: 'live', ll: 'low-latency live' } as const
export type StreamType = keyof typeof STREAM_TYPES

/** Streaming formats (`sf`). */
export const STREAM_FORMATS = { d: 'DASH', h: 'HLS', e: 'HESP', s: 'Smooth Streaming', o: 'other' } as const
export type StreamFormat = keyof typeof STREAM_FORMATS
