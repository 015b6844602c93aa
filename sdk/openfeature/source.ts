import type { Flags } from './resolve.ts'

/** Source of flags from playloop's API: loads them once, then follows their changes. */
export interface Source {
  /** Resolves with the flags; rejects if they cannot be loaded. */
  load(): Promise<Flags>
  /**
   * Reports every change until the signal aborts; reconnects by itself. Calls `lost` when the stream breaks and
   * `changed` when it is back.
   */
  follow(changed: (flags: Flags) => void, lost: () => void, signal: AbortSignal): Promise<void>
}

export interface SourceOptions {
  /** Address of the API, such as 'https://api.example'. */
  readonly api: string
  /** Client key: the clock of the experiments. */
  readonly key: string
}

const NO_ANSWER_MS = 10_000
const [FIRST_MS, CAP_MS] = [500, 30_000]

export function openSource({ api, key }: SourceOptions): Source {
  const base = api.replace(/\/$/, '')
  return {
    async load() {
      const response = await fetch(`${base}/api/features/${encodeURIComponent(key)}`, {
        signal: AbortSignal.timeout(NO_ANSWER_MS),
      })
      if (!response.ok) throw new Error(`flags were not to be had: ${base} answered ${response.status}`)
      return response.json() as Promise<Flags>
    },
    async follow(changed, lost, signal) {
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          const response = await fetch(`${base}/sub/${encodeURIComponent(key)}`, {
            headers: { accept: 'text/event-stream' },
            signal,
          })
          if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`)
          for await (const { event, data } of eventsOf(response.body)) {
            if (event !== 'features') continue
            attempt = 0
            changed(JSON.parse(data) as Flags)
          }
        } catch {
          /* reported below, then retried */
        }
        if (signal.aborted) return
        lost()
        await rest(Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 6)), signal)
      }
    },
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const [reader, decoder] = [body.getReader(), new TextDecoder()]
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const blocks = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
    text = blocks.pop()!
    for (const block of blocks) {
      const lines = block.split(/\r?\n/)
      const field = (name: string): string =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).replace(/^ /, ''))
          .join('\n')
      yield { event: field('event'), data: field('data') }
    }
  }
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        done()
      },
      { once: true },
    )
  })
