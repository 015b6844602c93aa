import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inOrder, MODULES } from './composition.ts'

const names = (...modules: Parameters<typeof inOrder>[0]): string[] => inOrder(modules).map(({ name }) => name)

describe('the order of modules', () => {
  it('puts each after those that it builds on, whatever order they are listed in', () => {
    const [a, b, c] = [{ name: 'a', after: ['c'] }, { name: 'b', after: ['a'] }, { name: 'c' }]
    for (const list of [
      [a, b, c],
      [b, c, a],
      [c, b, a],
    ])
      assert.deepEqual(names(...list), ['c', 'a', 'b'])
  })

  it('refuses one that builds on a module that is not there, and two that build on one another', () => {
    assert.throws(() => names({ name: 'a', after: ['gone'] }), /a builds on gone/)
    assert.throws(() => names({ name: 'a', after: ['b'] }, { name: 'b', after: ['a'] }), /a → b → a/)
  })

  it('makes the landing tables first', () => assert.equal(MODULES[0]?.name, 'streams/sink'))
})
