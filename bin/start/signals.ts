/**
 * Graceful stop: the first SIGINT, SIGTERM or SIGHUP, or the end of the parent program, requests an orderly end; a
 * later one ends everything at once. A terminal's Ctrl-C arrives several times (npm and bin/setup.mjs forward it):
 * copies within half a second count as one.
 */
const COPY_MS = 500

export interface StopRequest {
  readonly asked: Promise<string>
  /** Removes the handlers. */
  release(): void
}

export function onStopRequest(endAtOnce: () => void): StopRequest {
  const { promise: asked, resolve } = Promise.withResolvers<string>()
  let first: number | undefined
  const handle = (signal: string): void => {
    const now = performance.now()
    if (first === undefined) first = now
    else if (now - first > COPY_MS) return endAtOnce()
    resolve(signal)
  }
  const gone = (): void => resolve('the program that started it is gone')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, handle)
  process.once('disconnect', gone)
  // The channel detects the parent's death, but must not keep the process alive.
  process.channel?.unref()
  return {
    asked,
    release() {
      for (const signal of signals) process.off(signal, handle)
      process.off('disconnect', gone)
    },
  }
}
