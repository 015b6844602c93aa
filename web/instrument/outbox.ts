/** Records on their way to the collector: batched, retried if that may help, and bounded in number. */
export interface Outbox {
  /** `final`: the last record of a segment, sent again with every later batch. */
  add(json: string, final: boolean): void
  /** Sends everything in one request that survives the end of the page. */
  beacon(): void
  readonly stats: OutboxStats
}

export interface OutboxStats {
  /** Acknowledged by the collector. */
  acknowledged: number
  /** Refused for good, or dropped because too many were waiting. */
  lost: number
  waiting: number
  requests: number
}

export interface Line {
  /** URL with the key; the time of sending is appended. */
  readonly url: string
  readonly now: () => number
  /** Sends a request that survives the end of the page; returns false if it was not accepted. */
  readonly beam: (url: string, body: string) => boolean
  /** A random number from 0 to 1. */
  readonly chance: () => number
}

/** Delay during which records are collected into a batch, ms. */
const GATHER_MS = 1_000
const MAX_WAITING = 200
const MAX_IN_BATCH = 50
const MAX_FINALS = 4
/** Browsers limit requests that survive the page to 65,536 bytes, over all of them; Mux stays below this. */
const MAX_BEACON_BYTES = 57_344
const [FIRST_MS, CAP_MS, NO_ANSWER_MS] = [1_000, 60_000, 20_000]

/** Full jitter in an exponential window, added to the delay that the collector requested; ms. */
export const backoff = (attempt: number, chance: number, askedMs: number): number =>
  Math.min(askedMs, CAP_MS) + chance * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10))

/** `Retry-After` in ms: seconds or a date; 0 if absent or unreadable. */
export function askedMs(header: string | null, now: number): number {
  const ms = header === null ? 0 : /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return ms > 0 ? ms : 0
}

/** The newest records that fit, in their order. */
export function newestWithin(records: readonly string[], bytes: number): string[] {
  let [from, room] = [records.length, bytes - 2]
  while (from > 0 && (room -= sizeOf(records[from - 1]!) + 1) >= 0) from--
  return records.slice(from)
}

export const noStats = (): OutboxStats => ({ acknowledged: 0, lost: 0, waiting: 0, requests: 0 })

const sizeOf = (text: string): number => new TextEncoder().encode(text).length

export function createOutbox({ url, now, beam, chance }: Line): Outbox {
  const stats = noStats()
  const finals: string[] = []
  let waiting: string[] = []
  /** Content of the last beacon: when a hidden page is then left, only newer records are sent. */
  let beamed: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  let attempt = 0
  const address = (): string => `${url}sent_at=${now()}`
  // Plain text needs no preflight, and is the same request as a beacon.
  const send = (body: string, more: RequestInit): Promise<Response> =>
    fetch(address(), { method: 'POST', body, credentials: 'omit', ...more })
  // An older record of a segment contains nothing that a newer one does not.
  const shed = (): void => {
    stats.lost += waiting.splice(0, Math.max(0, waiting.length - MAX_WAITING)).length
    stats.waiting = waiting.length
  }
  const wait = (ms: number): void => {
    if (timer === undefined && !busy)
      timer = setTimeout(() => {
        timer = undefined
        void flush()
      }, ms)
  }
  const withFinals = (batch: readonly string[]): string[] => [
    ...finals.filter((each) => !batch.includes(each)),
    ...batch,
  ]

  const flush = async (): Promise<void> => {
    const batch = waiting.slice(0, MAX_IN_BATCH)
    if (batch.length === 0) return
    busy = true
    const pause = await post(batch)
    busy = false
    if (pause === undefined) {
      attempt = 0
      waiting = waiting.filter((each) => !batch.includes(each))
      shed()
    }
    if (waiting.length > 0) wait(pause ?? GATHER_MS)
  }

  /** Ms to wait before a retry; undefined if no retry is needed. */
  const post = async (batch: readonly string[]): Promise<number | undefined> => {
    stats.requests++
    try {
      const { status, headers } = await send(`[${withFinals(batch).join()}]`, {
        signal: AbortSignal.timeout(NO_ANSWER_MS),
      })
      if (status === 429 || status === 503)
        return backoff(attempt++, chance(), askedMs(headers.get('retry-after'), now()))
      if (status === 202) stats.acknowledged += batch.length
      else stats.lost += batch.length
      return undefined
    } catch {
      return backoff(attempt++, chance(), 0)
    }
  }

  return {
    stats,
    add(json, final) {
      waiting.push(json)
      if (final) finals.splice(0, Math.max(0, finals.push(json) - MAX_FINALS))
      shed()
      wait(GATHER_MS)
    },
    beacon() {
      // A beacon has no response, so its records stay in the queue: if the page lives on they are sent again, which the
      // collector deduplicates.
      const fresh = waiting.filter((each) => !beamed.includes(each))
      const batch = newestWithin(withFinals(fresh), MAX_BEACON_BYTES)
      if (fresh.length === 0 || batch.length === 0) return
      beamed = [...waiting]
      const body = `[${batch.join()}]`
      if (!beam(address(), body)) send(body, { keepalive: true }).catch(() => undefined)
    },
  }
}
