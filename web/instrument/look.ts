import { ASLEEP_MS } from './time.ts'
import type { Sight } from './types.ts'

const whole = (seconds: number): number => (Number.isFinite(seconds) ? Math.round(seconds * 1_000) : 0)

/** Returns a function that reads the element's state at the time `at`. */
export function openLook(video: HTMLVideoElement): (at: number) => Sight {
  let readyAt = Infinity
  // Under autoplay `paused` stays set while the element waits for data and for the browser to start it: playback has
  // been requested nevertheless.
  const willPlay = (at: number): boolean => {
    if (video.readyState === 4) readyAt = Math.min(readyAt, at)
    return video.autoplay && video.played.length === 0 && video.error === null && at - readyAt < TURN_MS
  }
  return (at) => {
    const {
      currentTime,
      paused,
      seeking,
      ended,
      playbackRate,
      videoWidth,
      videoHeight,
      clientWidth,
      clientHeight,
      duration,
    } = video
    const { totalVideoFrames = 0, droppedVideoFrames = 0 } = video.getVideoPlaybackQuality?.() ?? {}
    return {
      at,
      position: whole(currentTime),
      paused: paused && !willPlay(at),
      seeking,
      ended,
      rate: Math.round(playbackRate * 1_000),
      width: videoWidth,
      height: videoHeight,
      playerWidth: clientWidth,
      playerHeight: clientHeight,
      frames: totalVideoFrames,
      dropped: droppedVideoFrames,
      buffer: ahead(video),
      duration: Number.isFinite(duration) ? whole(duration) : null,
    }
  }
}

/** If all data is there and it still does not play after this time, the browser does not allow it, ms. */
const TURN_MS = 2_000

function ahead({ buffered, currentTime }: HTMLVideoElement): number | null {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime && buffered.end(i) >= currentTime) return whole(buffered.end(i) - currentTime)
  return buffered.length === 0 ? null : 0
}

/** Ms since the epoch, never decreasing; a clock set back is ignored, sleep of the device is included. */
export function openClock(): () => number {
  let origin = Date.now() - performance.now()
  return () => {
    const slept = Date.now() - (origin + performance.now())
    if (slept > ASLEEP_MS) origin += slept
    return Math.round(origin + performance.now())
  }
}
