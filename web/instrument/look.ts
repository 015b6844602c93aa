import { ASLEEP_MS } from './time.ts'
import type { Sight } from './types.ts'

const whole = (seconds: number): number => (Number.isFinite(seconds) ? Math.round(seconds * 1_000) : 0)

/** What the element is at this moment. */
export function lookAt(video: HTMLVideoElement, at: number): Sight {
  const { currentTime, paused, seeking, ended, playbackRate, videoWidth, videoHeight, clientWidth, clientHeight, duration } = video
  const { totalVideoFrames = 0, droppedVideoFrames = 0 } = typeof video.getVideoPlaybackQuality === 'function' ? video.getVideoPlaybackQuality() : {}
  return {
    at, position: whole(currentTime), paused: paused && !willPlay(video), seeking, ended, rate: Math.round(playbackRate * 1_000),
    width: videoWidth, height: videoHeight, playerWidth: clientWidth, playerHeight: clientHeight, frames: totalVideoFrames, dropped: droppedVideoFrames,
    buffer: ahead(video), duration: Number.isFinite(duration) ? whole(duration) : null,
  }
}

/** Autoplay waits for data with `paused` still set: it has been asked for all the same. */
const willPlay = ({ autoplay, readyState, played, error }: HTMLVideoElement): boolean => autoplay && readyState < 3 && played.length === 0 && error === null

function ahead({ buffered, currentTime }: HTMLVideoElement): number | null {
  for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime && buffered.end(i) >= currentTime) return whole(buffered.end(i) - currentTime)
  return buffered.length === 0 ? null : 0
}

/** Ms since the epoch that never go back; a clock set back is not followed, a device that slept is. */
export function openClock(): () => number {
  let origin = Date.now() - performance.now()
  return () => {
    const slept = Date.now() - (origin + performance.now())
    if (slept > ASLEEP_MS) origin += slept
    return Math.round(origin + performance.now())
  }
}
