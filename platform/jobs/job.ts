/** Periodic work: bounded steps, one after the other, for as long as its process runs. */
export interface Job {
  /** `module.work`, such as `qoe.sessions`: label of its metrics and of what is logged. */
  readonly name: string
  /** One bounded step; resolves with the amount of work done, 0 when there was nothing to do. Repeating one is safe. */
  step(signal: AbortSignal): Promise<number>
  /** How long it rests once there is nothing to do, ms; a wake-up ends the rest. */
  readonly idleMs: number
}
