export { createInProcessWorkers } from './in-process.ts'
export type { Compute, RunOptions, TaskTools, Workers, WorkersOptions } from './port.ts'
export { createWorkers } from './threads.ts'
