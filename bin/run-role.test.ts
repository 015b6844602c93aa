import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runRole } from './run-role.ts'
import type { Arguments } from '../platform/cli/flags.ts'
import { openContext } from './context.ts'

const none: Arguments = { words: [], text: () => undefined, number: () => undefined, on: () => false }

it('a role of which a part ends by itself is drained before its process goes', async () => {
  const [part, order] = [Promise.withResolvers<void>(), [] as string[]]
  const ended = runRole(
    'it',
    {
      summary: '',
      flags: {},
      start: () =>
        Promise.resolve({
          info: {},
          done: part.promise,
          stats: () => ({}),
          async stop() {
            await new Promise((resolve) => setTimeout(resolve, 20))
            order.push('drained')
          },
        }),
    },
    none,
    openContext('it', []),
  ).then((code) => order.push(`exit ${code}`))
  part.resolve()
  await ended
  assert.deepEqual(order, ['drained', 'exit 0'])
})
