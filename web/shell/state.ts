/** A refusal or a missing answer, explained for the reader. */
export interface Failure {
  readonly title: string
  readonly code: string
  readonly next: string
}

export interface Standing {
  readonly online: boolean
  readonly failure: Failure | undefined
  /** Age of the figures shown, ms; undefined before the first answer. */
  readonly ageMs: number | undefined
  /** Time until new figures are due, ms; undefined if paused. */
  readonly dueMs: number | undefined
}

export interface Shown {
  readonly state: 'loading' | 'live' | 'stale' | 'error' | 'offline' | 'paused'
  /** Status word next to the product name, with its sign. */
  readonly word: string
  readonly sign: 'good' | 'warn' | 'bad' | 'unknown'
  /** Sentence above the figures, '' if all is well; it changes only with the state, since it is announced. */
  readonly banner: string
  /** Age of the figures, as text. */
  readonly aged: string
  /** The API wants a key that this browser has not shown. */
  readonly isKeyWanted?: boolean
}

/** Refusals that signing in with another key can answer. */
const KEY_WANTED: readonly string[] = ['HTTP_KEY_WANTED', 'HTTP_TOKEN_INVALID', 'HTTP_SCOPE']

export const NO_ANSWER: Failure = {
  title: 'The API does not answer',
  code: 'NO_ANSWER',
  next: 'It is asked again by itself. If it runs on this machine, see whether “npm start” is still there.',
}

/** The page's status, as text. Pure. */
export function standing({ online, failure, ageMs, dueMs }: Standing): Shown {
  const aged = ageMs === undefined ? '' : `What is shown is ${age(ageMs)} old.`
  if (!online)
    return {
      state: 'offline',
      word: 'offline',
      sign: 'warn',
      banner: 'This device is offline. It goes on by itself.',
      aged,
    }
  if (failure !== undefined) {
    const isKeyWanted = KEY_WANTED.includes(failure.code)
    const next = isKeyWanted ? 'Sign in with a key or an access token that may.' : sentence(failure.next)
    return {
      state: 'error',
      word: failure === NO_ANSWER ? 'cut off' : 'refused',
      sign: 'bad',
      banner: `${sentence(`${failure.title} (${failure.code})`)} ${next}`,
      aged,
      isKeyWanted,
    }
  }
  if (ageMs === undefined) return { state: 'loading', word: 'loading', sign: 'unknown', banner: '', aged }
  if (dueMs === undefined)
    return { state: 'paused', word: `paused, ${age(ageMs)} old`, sign: 'unknown', banner: '', aged }
  if (ageMs > dueMs)
    return { state: 'stale', word: `stale, ${age(ageMs)} old`, sign: 'warn', banner: 'No new figures come.', aged }
  return { state: 'live', word: 'live', sign: 'good', banner: '', aged }
}

const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

/** 8 s, 3 min, 2 h. */
export function age(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return seconds < 120
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3_600)} h`
}
