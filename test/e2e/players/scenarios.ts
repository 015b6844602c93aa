/** What happens to a playback: by the network, and by its viewer. */
export interface Scenario {
  readonly name: string
  /** Segments of 2 s each; 0: there is no manifest. */
  readonly segments: number
  /** Time that a segment (from 1) takes on the network, ms; undefined = it is not there. */
  readonly takes: (segment: number) => number | undefined
  /** Statements in the page once playback was asked for, with `video`, `sleep(ms)`, `until(condition)` and `ended`. */
  readonly viewer: string
  /** How it ends: what a truthful report says of it. */
  readonly outcome: 'finished' | 'quit' | 'vsf_technical'
}

const AT_ONCE = 20
const TO_THE_END = 'await ended'

export const SCENARIOS: readonly Scenario[] = [
  { name: 'clean', segments: 3, takes: () => AT_ONCE, viewer: TO_THE_END, outcome: 'finished' },
  {
    // Before the third and the fifth segment 4 s lie in the buffer, and they take some 2 s longer than that.
    name: 'stalls',
    segments: 6,
    takes: (segment) => (segment === 3 || segment === 5 ? 6_500 : AT_ONCE),
    viewer: TO_THE_END,
    outcome: 'finished',
  },
  {
    name: 'seek',
    segments: 6,
    takes: () => 1_200,
    viewer: `await until(() => video.currentTime > 2.2)
  video.currentTime = 8.2
  ${TO_THE_END}`,
    outcome: 'finished',
  },
  {
    name: 'pause',
    segments: 3,
    takes: () => AT_ONCE,
    viewer: `await until(() => video.currentTime > 2)
  video.pause()
  await sleep(2_500)
  await video.play()
  ${TO_THE_END}`,
    outcome: 'finished',
  },
  {
    name: 'quit',
    segments: 6,
    takes: () => AT_ONCE,
    viewer: 'await until(() => video.currentTime > 4.7)',
    outcome: 'quit',
  },
  { name: 'no-media', segments: 3, takes: () => undefined, viewer: 'await sleep(6_000)', outcome: 'vsf_technical' },
  { name: 'no-manifest', segments: 0, takes: () => undefined, viewer: 'await sleep(4_000)', outcome: 'vsf_technical' },
]
