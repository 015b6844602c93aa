/** A periodic job: bounded steps, one after the other, while its process runs. */
export interface Job {
  /** `module.work`, such as `qoe.sessions`: label of its metrics and log entries. */
  readonly name: string
  /**
   * Runs one bounded step. Resolves with the amount of work done, 0 if there was none. Must be safe to repeat. `signal`
   * is aborted when the process stops: a step may end early, and the next start does the remaining work.
   */
  step(signal: AbortSignal, context: StepContext): Promise<number | StepResult>
  /** How long it waits when there is nothing more to do, ms; a wake-up ends the wait. */
  readonly idleMs: number
  /**
   * Maximum share of one core, in (0, 1]; default 0.1. As a function: by the duration of a piece of work, ms, so that
   * long statements can rest longer than short ones.
   */
  readonly share?: number | ((tookMs: number) => number)
  /** Events that wake it, such as `landed:viewer.actions` or `recomputed:unit_exposure`. */
  readonly wakesOn?: readonly string[]
  /** Wait for further events after a wake-up, before the step, ms: one step for many inserts. Default 0. */
  readonly gatherMs?: number
  /** Lag behind its input, s; NaN if unknown. Read after each step, for its metric. */
  lag?(): number
}

/** For a job that knows whether there is more work. By default, a step that did something is followed by another. */
export interface StepResult {
  readonly work: number
  /** False: the job waits `idleMs` or for a wake-up before the next step. */
  readonly more: boolean
}

/** Context that the job runner passes to a step. */
export interface StepContext {
  /**
   * Runs a piece of the step, then rests as the budget requires. Without it the job rests only after the whole step; a
   * step of many statements passes each of them through here to free the machine in between.
   */
  readonly pace: <T>(piece: () => Promise<T>) => Promise<T>
  /** Wakes the jobs of this process that wait for the event. */
  readonly wake: (event: string) => void
}
