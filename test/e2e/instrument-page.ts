/**
 * A real element plays a real video in a real browser, and a real collector is told; the page measures for itself
 * beside.
 */

/** A moving picture, recorded in the page; what is appended decides when the player runs dry. */
export const record = (ms: number): string => `(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
  const pen = canvas.getContext('2d')
  const paint = setInterval(() => { pen.fillStyle = 'hsl(' + performance.now() / 10 + ' 80% 50%)'; pen.fillRect(performance.now() / 20 % 300, 0, 40, 180) }, 40)
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm; codecs=vp8', videoBitsPerSecond: 400000 })
  const parts = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  await new Promise((over) => setTimeout(over, ${ms}))
  const stopped = new Promise((over) => { recorder.onstop = over })
  recorder.stop()
  await stopped
  clearInterval(paint)
  globalThis.film = new Uint8Array(await new Blob(parts).arrayBuffer())
  return film.length
})()`

/** The player of the page, which knows nothing of the instrument, and what it sees of its own video. */
export const PLAY = `(async (collector, from) => {
  const { instrument } = await import(from)
  const video = document.body.appendChild(Object.assign(document.createElement('video'), { muted: true, width: 640, height: 360 }))
  globalThis.video = video
  globalThis.handle = instrument(video, { collector, key: 'page-key', title: 'film-1', profile: 'p-1', appVersion: '7.1', country: 'DE', oca: 'oca-1', player: 'page/1' })
  const source = new MediaSource()
  video.src = URL.createObjectURL(source)
  await new Promise((open) => source.addEventListener('sourceopen', open, { once: true }))
  const buffer = source.addSourceBuffer('video/webm; codecs="vp8"')
  const append = (bytes) => new Promise((done) => { buffer.addEventListener('updateend', done, { once: true }); buffer.appendBuffer(bytes) })
  const sleep = (ms) => new Promise((over) => setTimeout(over, ms))
  const until = async (sure) => { while (!sure()) await sleep(5) }
  const seen = globalThis.seen = { moving: 0, startup: 0, pause: 0, seek: 0, stall: 0, begun: 0 }
  const part = (share) => Math.floor(film.length * share)

  seen.begun = performance.now()
  void video.play()
  await sleep(300)
  await append(film.slice(0, part(0.4)))
  await new Promise((playing) => video.addEventListener('playing', playing, { once: true }))
  seen.startup = performance.now() - seen.begun
  let [last, lastAt, movedAt] = [video.currentTime, performance.now(), performance.now()]
  setInterval(() => {
    const [position, at] = [video.currentTime, performance.now()]
    if (position !== last) movedAt = at
    if (position > last && position - last < 1) seen.moving += at - lastAt
    ;[last, lastAt] = [position, at]
  }, 10)

  await until(() => video.currentTime > 1.2)
  let at = performance.now()
  video.pause()
  await sleep(1500)
  seen.pause = performance.now() - at
  await video.play()
  await until(() => video.currentTime > 2)

  // Dry is a playhead that stands and has nothing ahead: a decoder that is late says 'waiting' too, and plays on.
  await until(() => video.readyState <= 2 && performance.now() - movedAt > 300)
  const [dry, position] = [movedAt, video.currentTime]
  await sleep(2500)
  await append(film.slice(part(0.4), part(0.6)))
  await until(() => video.currentTime > position + 0.02)
  seen.stall = performance.now() - dry
  await sleep(400)

  at = performance.now()
  video.currentTime = 6
  await sleep(900)
  await append(film.slice(part(0.6)))
  source.endOfStream()
  await until(() => !video.seeking && video.currentTime > 6.01)
  seen.seek = performance.now() - at
  await sleep(600)
  handle.update({ oca: 'oca-2' })
  handle.update({ oca: 'oca-2' })
  await sleep(600)
  return seen
})`

export interface Seen {
  readonly moving: number
  readonly startup: number
  readonly pause: number
  readonly seek: number
  readonly stall: number
}
