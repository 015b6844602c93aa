import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { traceNetwork } from './trace.ts'

const pieces = [
  { durationMs: 1_000, kbps: 800, latencyMs: 50 },
  { durationMs: 500, kbps: 0, latencyMs: 50 },
  { durationMs: 1_000, kbps: 8_000, latencyMs: 50 },
]

it('crosses pieces and outages, and begins anew at the end', () => {
  const network = traceNetwork(pieces, 0)
  // 950 ms at 800 kbit/s are 95,000 bytes; then an outage of 500 ms.
  assert.deepEqual(network.request('a', 0, 95_000), { status: 200, firstByteAt: 50, doneAt: 1_000 })
  assert.deepEqual(network.request('a', 0, 95_001), { status: 200, firstByteAt: 50, doneAt: 1_501 })
  assert.deepEqual(network.request('a', 2_400, 100_000), { status: 200, firstByteAt: 2_450, doneAt: 3_000 })
  assert.equal(network.request('a', 2_500, 95_000).doneAt, 3_500)
})

it('hangs on a trace that carries nothing', () => {
  assert.equal(traceNetwork([{ durationMs: 10, kbps: 0, latencyMs: 1 }], 0).request('a', 5, 1).doneAt, Infinity)
})

it('is monotone: more bytes are never done earlier', () =>
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(500_000), fc.nat(500_000), (at, few, more) => {
      const network = traceNetwork(pieces, 0)
      assert.ok(network.request('a', at, few).doneAt <= network.request('a', at, few + more).doneAt)
    }),
  ))
