import type { Compute } from './port.ts'

export type SampleTask =
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'sum'; readonly numbers: Float64Array }
  | { readonly kind: 'fill'; readonly length: number }
  | { readonly kind: 'report'; readonly times: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'burn'; readonly ms: number }
  | { readonly kind: 'throw' }
  | { readonly kind: 'exit' }

/** A compute module for tests. */
const compute: Compute<{ readonly factor: number }, SampleTask, unknown> =
  ({ factor }) =>
  async (task, { progress, transfer }) => {
    switch (task.kind) {
      case 'double':
        return factor * task.value
      case 'sum':
        return task.numbers.reduce((sum, each) => sum + each, 0)
      case 'fill': {
        const filled = new Float64Array(task.length).fill(factor)
        transfer([filled.buffer])
        return filled
      }
      case 'report':
        for (let i = 0; i < task.times; i++) progress(i)
        return task.times
      case 'wait':
        await new Promise((resolve) => setTimeout(resolve, task.ms))
        return task.ms
      case 'burn': {
        const end = performance.now() + task.ms
        let turns = 0
        while (performance.now() < end) turns++
        return turns
      }
      case 'throw':
        throw new Error('no such matrix')
      case 'exit':
        return process.exit(3)
    }
  }
export default compute
