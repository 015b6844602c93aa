import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openMetrics } from './metrics.ts'
import { serveProbe } from './probe.ts'

describe('the probe of a role that serves nothing else', () => {
  it('answers metrics and health, and says when the role waits', async () => {
    const metrics = openMetrics()
    metrics.counter('playloop_test_total', 'for this test').inc(3)
    let ready = false
    const probe = await serveProbe({ host: '127.0.0.1', port: 0, metrics, ready: () => ready })
    try {
      const ask = async (path: string): Promise<[number, string]> => {
        const response = await fetch(probe.url + path)
        return [response.status, await response.text()]
      }
      assert.match((await ask('/metrics'))[1], /playloop_test_total 3/)
      assert.equal((await ask('/health/live'))[0], 200)
      assert.equal((await ask('/health/ready'))[0], 503)
      ready = true
      assert.equal((await ask('/health/ready'))[0], 200)
      assert.equal((await ask('/other'))[0], 404)
      await assert.rejects(
        serveProbe({ host: '127.0.0.1', port: Number(new URL(probe.url).port), metrics, ready: () => true }),
        { code: 'HTTP_PORT_TAKEN' },
      )
    } finally {
      await probe.close()
    }
  })
})
