import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_SCENARIO } from './faults.ts'
import { readScenario } from './scenario.ts'

describe('a scenario from a file', () => {
  it('is taken as it is', () => {
    assert.deepEqual(readScenario(JSON.stringify(DEFAULT_SCENARIO)), DEFAULT_SCENARIO)
    assert.deepEqual(readScenario('[]'), [])
  })

  it('is refused in words that name the place', () => {
    const isp = {
      id: 'a',
      kind: 'isp-degrades',
      startMs: 0,
      endMs: 1,
      asn: 64_512,
      throughputPermille: 40,
      extraLatencyMs: 1,
    }
    for (const [json, words] of [
      ['{', 'no JSON'],
      ['{}', 'must be array'],
      [JSON.stringify([{ ...isp, kind: 'isp-explodes' }]), 'kind'],
      [JSON.stringify([{ ...isp, asn: undefined }]), 'asn'],
      [JSON.stringify([{ ...isp, throughput: 1 }]), 'throughput'],
      [JSON.stringify([{ ...isp, throughputPermille: 1_001 }]), '/0/throughputPermille'],
      [JSON.stringify([{ ...isp, endMs: -1 }]), 'a ends before'],
    ] as const) {
      const fault = readScenario(json)
      assert.ok(typeof fault === 'string' && fault.includes(words), `${json}: ${JSON.stringify(fault)}`)
    }
  })
})
