/**
 * Heavy computation beside the event loop. What is computed is a module whose default export is a `Compute`: the same
 * module runs in threads, or in this process where a test wants it.
 */
export interface Workers<Task, Result> {
  /**
   * Resolves with what the module computed. Rejects with WORKER_TASK_FAILED when it threw, WORKER_CRASHED when its
   * thread died, WORKER_QUEUE_FULL when too many wait, WORKER_STOPPED after `stop`, and with the signal's reason.
   */
  run(task: Task, options?: RunOptions): Promise<Result>
  /** Refuses new tasks; resolves when those accepted before are done and no thread is left. */
  stop(): Promise<void>
}

export interface RunOptions {
  /** Ends the task at once, wherever it stands: its thread is given up and replaced. */
  readonly signal?: AbortSignal | undefined
  /** Buffers of the task that are moved, not copied; the caller cannot use them afterwards. */
  readonly transfer?: readonly ArrayBuffer[]
  /** Called with each report of the task, in order. */
  readonly onProgress?: (progress: unknown) => void
}

export interface TaskTools {
  /** Sends a report to whoever asked for the task. */
  readonly progress: (report: unknown) => void
  /** Buffers of the result that are moved, not copied. */
  readonly transfer: (buffers: readonly ArrayBuffer[]) => void
}

/** Default export of a module of computation. `data` is what all tasks share; it is read once a thread. */
export type Compute<Data, Task, Result> = (data: Data) => (task: Task, tools: TaskTools) => Result | Promise<Result>

export interface WorkersOptions {
  /** File URL of the module of computation. */
  readonly script: URL
  /** Tasks computed at the same time. */
  readonly size: number
  /** Copied to each thread. */
  readonly data?: unknown
  /** Tasks that may wait beside those computed; 1,000 unless told. */
  readonly maxQueue?: number
}
