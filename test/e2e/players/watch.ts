/**
 * A script of the page that writes down what its `<video>` element really does, apart from any player: the element's
 * events, its first frame, and by a look every 10 ms when its playhead begins to move and when it stands. `position` is
 * the playhead, ms.
 */
export const WATCH = `(() => {
  const video = document.querySelector('video')
  const seen = (globalThis.seen = [])
  const note = (type, at = Date.now()) => void seen.push({ at, type, position: Math.round(video.currentTime * 1_000) })
  for (const type of ['loadstart', 'play', 'playing', 'waiting', 'seeking', 'seeked', 'pause', 'ended', 'error', 'ratechange'])
    video.addEventListener(type, () => note(type))
  video.requestVideoFrameCallback(() => note('frame'))
  let [last, movedAt, moving] = [0, 0, false]
  setInterval(() => {
    const [position, at] = [video.currentTime, Date.now()]
    // A leap is a seek, not a movement.
    if (position > last && position - last < 0.5) {
      if (!moving) note('moves')
      ;[moving, movedAt] = [true, at]
    } else if (moving && at - movedAt >= 50) {
      note('stands', movedAt)
      moving = false
    }
    last = position
  }, 10)
})()`
