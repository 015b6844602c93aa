import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { TaskQueue } from './queue.ts'

it('hands out tasks by time, and those of one time in the order they were planned', () =>
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.nat(20), popFirst: fc.boolean() })), (plans) => {
      const queue = new TaskQueue()
      let waiting: { at: number; order: number }[] = []
      const popBoth = (): void => {
        const [expected, ...rest] = waiting.toSorted((a, b) => a.at - b.at || a.order - b.order)
        assert.equal(queue.nextAt, expected?.at ?? Infinity)
        queue.pop()?.run(0)
        if (expected !== undefined) assert.equal(last, expected.order)
        waiting = rest
      }
      let last = -1
      for (const [order, { at, popFirst }] of plans.entries()) {
        if (popFirst) popBoth()
        queue.push(at, {
          run: () => {
            last = order
          },
        })
        waiting.push({ at, order })
      }
      while (waiting.length > 0) popBoth()
      assert.equal(queue.pop(), undefined)
    }),
  ))
