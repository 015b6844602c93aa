import { parentPort, workerData } from 'node:worker_threads'
import { rowOf, type Effort, type Setting } from './plan.ts'
import type { Population } from './population.ts'

const { population, effort } = workerData as { population: Population; effort: Effort }
parentPort!.on('message', ({ metric, setting }: { metric: number; setting: Omit<Setting, 'metric'> }) =>
  parentPort!.postMessage(rowOf(population, population.metrics[metric]!, setting, effort)),
)
