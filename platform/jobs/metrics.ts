import type { Metrics } from '../metrics.ts'
import type { Job } from './job.ts'

/** Metrics of jobs for `/metrics`, by the label `job`. */
export interface JobMetrics {
  stepped(job: Job, work: number, seconds: number): void
  failed(job: Job): void
}

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300]
export function jobMetrics(metrics: Metrics): JobMetrics {
  const steps = metrics.counter('playloop_job_steps_total', 'Steps of a job that came to their end', ['job'])
  const failures = metrics.counter('playloop_job_failures_total', 'Steps of a job that failed; tried again', ['job'])
  const work = metrics.counter('playloop_job_work_total', 'Work that a job has done, in its own unit', ['job'])
  const seconds = metrics.histogram(
    'playloop_job_step_seconds',
    'Time of a step of a job, rests between its statements included',
    SECONDS,
    ['job'],
  )
  const lag = metrics.gauge('playloop_job_lag_seconds', 'How far a job is behind its input; NaN = unknown', ['job'])
  return {
    stepped(job, done, took) {
      const label = { job: job.name }
      steps.inc(label)
      work.inc(label, done)
      seconds.observe(label, took)
      if (job.lag !== undefined) lag.set(label, job.lag())
    },
    failed: (job) => failures.inc({ job: job.name }),
  }
}
