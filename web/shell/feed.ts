import { NO_ANSWER, type Failure } from './state.ts'

/** As a stream, by polling at an interval in ms, or not at all. */
export type Pace = 'live' | 'paused' | number

export type Answer<T> =
  { readonly data: T; readonly failure?: undefined } | { readonly data?: undefined; readonly failure: Failure }

const PATIENCE_MS = 10_000
/** Delay before a closed stream is opened again, or a failed request of a paused page is repeated, ms. */
const AGAIN_MS = 3_000

export interface AskOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal
  /** Timeout, ms. */
  readonly patience?: number
}

/** Requests JSON; a refusal has its code and a remedy (problem+json). */
export async function ask<T>(path: string, { signal, patience = PATIENCE_MS }: AskOptions = {}): Promise<Answer<T>> {
  const ends = [AbortSignal.timeout(patience), ...(signal === undefined ? [] : [signal])]
  try {
    const response = await fetch(path, { signal: AbortSignal.any(ends), headers: { accept: 'application/json' } })
    const body: unknown = await response.json()
    return response.ok
      ? { data: body as T }
      : {
          failure: {
            title: response.statusText,
            code: String(response.status),
            next: '',
            ...(body as Partial<Failure>),
          },
        }
  } catch {
    return { failure: NO_ANSWER }
  }
}

/** Sends JSON and returns the answer. */
export async function tell<T>(
  path: string,
  body: unknown,
  method: 'POST' | 'PUT' = 'POST',
  patience = PATIENCE_MS,
): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(patience),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer: unknown = await response.json()
    return response.ok
      ? { data: answer as T }
      : {
          failure: {
            title: response.statusText,
            code: String(response.status),
            next: '',
            ...(answer as Partial<Failure>),
          },
        }
  } catch {
    return { failure: NO_ANSWER }
  }
}

export interface Feed {
  close(): void
}

export interface Listener<T> {
  /** `change`: contains only what changed. */
  readonly take: (data: T, change: boolean) => void
  readonly fail: (failure: Failure) => void
}

/** Answers as they arrive: a stream of server-sent events (whole: `frame`, `scorecard`; `change`), or polling. */
export const openFeed = <T>(json: string, stream: string, pace: Pace, listener: Listener<T>): Feed =>
  pace === 'live' ? follow(json, stream, listener) : poll(json, pace, listener)

function poll<T>(json: string, pace: number | 'paused', { take, fail }: Listener<T>): Feed {
  let [closed, timer] = [false, 0]
  const turn = async (): Promise<void> => {
    const { data, failure } = await ask<T>(json)
    if (closed) return
    if (failure === undefined) take(data, false)
    else fail(failure)
    if (pace !== 'paused' || failure !== undefined)
      timer = setTimeout(() => void turn(), pace === 'paused' ? AGAIN_MS : pace)
  }
  void turn()
  return {
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

function follow<T>(json: string, stream: string, { take, fail }: Listener<T>): Feed {
  let [closed, timer, looking] = [false, 0, false]
  let source: EventSource
  const read =
    (change: boolean) =>
    (event: Event): void =>
      take(JSON.parse((event as MessageEvent<string>).data) as T, change)
  const open = (): void => {
    source = new EventSource(stream)
    for (const whole of ['frame', 'scorecard']) source.addEventListener(whole, read(false))
    source.addEventListener('change', read(true))
    source.onerror = () => void lookInto()
  }
  /** A stream does not say why it broke, but the same question without a stream does. */
  const lookInto = async (): Promise<void> => {
    if (looking) return
    looking = true
    const { failure } = await ask<T>(json)
    looking = false
    if (closed) return
    if (failure !== undefined) fail(failure)
    if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS)
  }
  open()
  return {
    close: () => {
      closed = true
      clearTimeout(timer)
      source.close()
    },
  }
}
