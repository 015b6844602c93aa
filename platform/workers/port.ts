/**
 * Worker pool for heavy computation off the event loop. A task is computed by a module whose default export is a
 * `Compute`; the same module runs in threads, or in this process for tests.
 */
export interface Workers<Task, Result> {
  /**
   * Resolves with the computed result. Rejects with WORKER_TASK_FAILED if the module threw, WORKER_CRASHED if its
   * thread died, WORKER_QUEUE_FULL if too many tasks wait, WORKER_STOPPED after `stop`, and with the signal's reason.
   */
  run(task: Task, options?: RunOptions): Promise<Result>
  /** Refuses new tasks; resolves when the accepted ones are done and all threads have ended. */
  stop(): Promise<void>
}

export interface RunOptions {
  /** Cancels the task at once, waiting or running: its thread is terminated and replaced. */
  readonly signal?: AbortSignal | undefined
  /** Buffers of the task that are transferred, not copied; the caller cannot use them afterwards. */
  readonly transfer?: readonly ArrayBuffer[]
  /** Called with each progress report of the task, in order. */
  readonly onProgress?: (progress: unknown) => void
}

export interface TaskTools {
  /** Sends a progress report to the caller. */
  readonly progress: (report: unknown) => void
  /** Buffers of the result that are transferred, not copied. */
  readonly transfer: (buffers: readonly ArrayBuffer[]) => void
}

/** Default export of a compute module. `data` is shared by all tasks and loaded once per thread. */
export type Compute<Data, Task, Result> = (data: Data) => (task: Task, tools: TaskTools) => Result | Promise<Result>

export interface WorkersOptions {
  /** File URL of the compute module. */
  readonly script: URL
  /** Number of tasks that run at the same time. */
  readonly size: number
  /** Copied to each thread. */
  readonly data?: unknown
  /** Maximum number of waiting tasks; default 1,000. */
  readonly maxQueue?: number
}
