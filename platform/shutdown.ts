import { errorMessage } from './errors.ts'
import type { Logger } from './logger.ts'

/**
 * Ordered shutdown: on SIGTERM or SIGINT the steps run one after the other, in the order they were added (stop
 * accepting, drain, commit, close). A second signal or the deadline ends the process at once.
 */
export interface Shutdown {
  /** Adds a step that runs after those already added. */
  step(name: string, run: () => Promise<void> | void): void
  /** Runs all steps now; returns the same promise on every call. */
  run(reason: string): Promise<void>
  /** Aborted as soon as the shutdown begins. */
  readonly signal: AbortSignal
}

export function createShutdown(logger: Logger): Shutdown {
  const steps: { name: string; run: () => Promise<void> | void }[] = []
  const abort = new AbortController()
  let running: Promise<void> | undefined
  const runAll = async (reason: string): Promise<void> => {
    logger.info({ reason }, 'shutting down')
    abort.abort(new Error(reason))
    for (const { name, run } of steps) {
      try {
        await run()
      } catch (error) {
        logger.error({ step: name, error: errorMessage(error) }, 'shutdown step failed')
      }
    }
  }
  return {
    step: (name, run) => void steps.push({ name, run }),
    run: (reason) => (running ??= runAll(reason)),
    signal: abort.signal,
  }
}

/** Runs the shutdown on this process's signals and exits when it is done. */
export function onSignals(shutdown: Shutdown, logger: Logger, deadlineMs = 10_000): void {
  let seen = 0
  const handle = (signal: string): void => {
    if (++seen > 1) process.exit(130)
    setTimeout(() => {
      logger.error({ deadlineMs }, 'shutdown took too long')
      process.exit(1)
    }, deadlineMs).unref()
    shutdown.run(signal).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', handle)
  process.on('SIGINT', handle)
}
