/** Periodic work: bounded steps, one after the other, for as long as its process runs. */
export interface Job {
  /** `module.work`, such as `qoe.sessions`: label of its metrics and of what is logged. */
  readonly name: string
  /**
   * One bounded step. Resolves with the amount of work done, 0 when there was nothing to do. Repeating one is safe.
   * `signal` is aborted when the process stops: a step may end early, and what it has not done is done at the next start.
   */
  step(signal: AbortSignal, context: StepContext): Promise<number | StepResult>
  /** How long it waits once there is nothing more to do, ms; a wake-up ends the wait. */
  readonly idleMs: number
  /**
   * Share of one core that it takes at most, in (0, 1]; 0.1 unless told. As a function: by how long a piece of work took,
   * ms, so that long statements can be made to rest longer than short ones.
   */
  readonly share?: number | ((tookMs: number) => number)
  /** Events that wake it, such as `landed:viewer.actions` or `recomputed:unit_exposure`. */
  readonly wakesOn?: readonly string[]
  /** After a wake-up it waits so long for more news before it steps, ms: many inserts, one step. 0 unless told. */
  readonly gatherMs?: number
  /** How far it is behind its input, s; NaN while unknown. Asked after each step, for its metric. */
  lag?(): number
}

/** For a job that knows better than "I did something, so there may be more". */
export interface StepResult {
  readonly work: number
  /** False: it waits `idleMs` or for a wake-up before the next step. */
  readonly more: boolean
}

/** What a step is given by the frame that runs it. */
export interface StepContext {
  /**
   * Does a piece of the step, then rests as the budget asks. Without it the job rests after the whole step; a step of
   * many statements leaves the machine to others in between by passing each of them through here.
   */
  readonly pace: <T>(piece: () => Promise<T>) => Promise<T>
  /** Wakes the jobs of this process that wait for the event. */
  readonly wake: (event: string) => void
}
