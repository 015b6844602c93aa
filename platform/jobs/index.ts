export type { Job, StepContext, StepResult } from './job.ts'
export { startJobs, type JobsOptions, type RunningJobs } from './run.ts'
