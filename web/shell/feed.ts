import { NO_ANSWER, type Failure } from './state.ts'

/** As it comes, every so many ms, or not at all. */
export type Pace = 'live' | 'paused' | number

export type Answer<T> =
  { readonly data: T; readonly failure?: undefined } | { readonly data?: undefined; readonly failure: Failure }

const PATIENCE_MS = 10_000
/** A stream that broke is looked into, and one that was refused is opened again, after this long, ms. */
const AGAIN_MS = 3_000

export interface AskOptions {
  /** Ends the question. */
  readonly signal?: AbortSignal
  /** ms. */
  readonly patience?: number
}

/** Asks for JSON; a refusal comes with its code and what to do (problem+json). */
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

/** Tells something, as JSON; what follows of it is answered. */
export async function tell<T>(path: string, body: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      signal: AbortSignal.timeout(PATIENCE_MS),
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
  /** `change`: only what changed since. */
  readonly take: (data: T, change: boolean) => void
  readonly fail: (failure: Failure) => void
}

/** Answers as they come, by a stream of server-sent events (`frame`, `change`) or by asking again and again. */
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
    source.addEventListener('frame', read(false))
    source.addEventListener('change', read(true))
    source.onerror = () => void lookInto()
  }
  /** A stream does not say why it broke: the same question without a stream does. */
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
