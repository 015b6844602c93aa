import { availableParallelism } from 'node:os'
import type { Clock } from '../clock.ts'
import { errorCode, errorMessage } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import type { Random } from '../random.ts'
import { backoffMs, jitter, type Backoff } from '../retry.ts'
import type { RunningRole } from '../role.ts'
import { createBudget, type Budget } from './budget.ts'
import type { Job, StepContext, StepResult } from './job.ts'
import { jobMetrics, type JobMetrics } from './metrics.ts'
import { startPace } from './pace.ts'
import { createSleep, type Sleep } from './sleep.ts'

export interface JobsOptions {
  readonly jobs: readonly Job[]
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Cores that all jobs together may use; default three quarters of the machine. */
  readonly budget?: number
  readonly random?: Pick<Random, 'next'>
}

export interface RunningJobs extends RunningRole {
  /** Announces an event: jobs that wait for it step at once, or once more if they are running. */
  wake(event: string): void
}

/** The rest of the machine is for latency-sensitive work: inserts, queries, detection. */
const MACHINE_SHARE = 0.75
/** Wait after a failure: the store or the brokers may be restarting. */
const BACKOFF: Backoff = { firstMs: 2_000, maxMs: 15_000 }

/**
 * Runs jobs until stopped, each in its own loop: step, rest as the shared budget requires, and wait for events when
 * there is nothing more to do. A failure is logged once with its code, counted, and retried. A stop waits for running
 * steps, which then skip their rests.
 */
export function startJobs(options: JobsOptions): RunningJobs {
  const { jobs, clock, metrics, budget = MACHINE_SHARE * availableParallelism() } = options
  const stopping = new AbortController()
  const sleeps = new Map(jobs.map((job) => [job, createSleep(clock, stopping.signal)]))
  const wake = (event: string): void => {
    for (const [job, sleep] of sleeps) if (job.wakesOn?.includes(event) === true) sleep.wake()
  }
  const frame = {
    ...options,
    random: options.random ?? jitter,
    stopping: stopping.signal,
    budget: createBudget(budget, () => clock.now()),
    meters: jobMetrics(metrics),
    wake,
  }
  const done = Promise.all([...sleeps].map(([job, sleep]) => keep(job, sleep, frame))).then(() => undefined)
  return {
    done,
    wake,
    async stop() {
      stopping.abort(new Error('the jobs are told to stop'))
      await done
    },
  }
}

interface Frame {
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Pick<Random, 'next'>
  readonly stopping: AbortSignal
  readonly budget: Budget
  readonly meters: JobMetrics
  readonly wake: StepContext['wake']
}

/** Runs one job from start to stop. */
async function keep(job: Job, sleep: Sleep, frame: Frame): Promise<void> {
  for (let failures = 0; !frame.stopping.aborted;) {
    sleep.begin()
    try {
      const { more } = await stepOnce(job, frame)
      failures = 0
      if (!more) await sleep.idle(job.idleMs, job.gatherMs)
    } catch (error) {
      frame.meters.failed(job)
      if (failures++ === 0)
        frame.logger.warn(
          { job: job.name, code: errorCode(error), error: errorMessage(error) },
          'a job failed, trying again',
        )
      await sleep.rest(backoffMs(BACKOFF, failures, frame.random))
    }
  }
}

async function stepOnce(job: Job, { clock, budget, stopping, meters, wake }: Frame): Promise<StepResult> {
  const pace = startPace(job, budget, clock, stopping)
  const started = clock.now()
  try {
    const result = await job.step(stopping, { pace: (piece) => pace.pace(piece), wake })
    const step = typeof result === 'number' ? { work: result, more: result > 0 } : result
    meters.stepped(job, step.work, (clock.now() - started) / 1_000)
    return step
  } finally {
    await pace.finish()
  }
}
