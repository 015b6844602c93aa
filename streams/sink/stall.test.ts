import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stallGuard } from './stall.ts'

const [first, second, other] = [
  { topic: 't', partition: 0 },
  { topic: 't', partition: 1 },
  { topic: 'u', partition: 0 },
]

describe('a partition that cannot finish its batch', () => {
  it('holds the others of its table once it has stood too long, and lets them go when it lands', () => {
    let now = 0
    const guard = stallGuard(1_000, () => now)
    guard.begin(first)
    now = 900
    guard.begin(first)
    assert.equal(guard.waitsFor(second), undefined)
    now = 1_001
    assert.equal(guard.waitsFor(second), 0)
    assert.equal(guard.waitsFor(other), undefined)
    assert.equal(guard.waitsFor(first), undefined)
    guard.end(first)
    assert.equal(guard.waitsFor(second), undefined)
  })

  it('is not held by another that stands: two would wait for one another', () => {
    let now = 0
    const guard = stallGuard(1_000, () => now)
    guard.begin(first)
    guard.begin(second)
    now = 5_000
    assert.equal(guard.waitsFor(first), undefined)
    assert.equal(guard.waitsFor(second), undefined)
  })

  it('holds nobody once another process owns it', () => {
    let now = 0
    const guard = stallGuard(1_000, () => now)
    guard.begin(first)
    now = 5_000
    guard.own([second, other])
    assert.equal(guard.waitsFor(second), undefined)
  })
})
