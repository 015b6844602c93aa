import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openReserve } from './disk/reserve.ts'
import type { PlayloopError } from './errors.ts'
import { readinessOf } from './http/index.ts'
import { openMetrics } from './metrics.ts'
import { serveProbe } from './probe.ts'

describe('the probe of a role that serves nothing else', () => {
  it('answers metrics and health, and says when the role waits', async () => {
    const metrics = openMetrics()
    metrics.counter('playloop_test_total', 'for this test').inc(3)
    let ready = false
    let full: PlayloopError | undefined
    const probe = await serveProbe({ host: '127.0.0.1', port: 0, metrics, ready: () => readinessOf(ready, full) })
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
      full = openReserve({ folders: ['/'], bytes: 1_000_000, freeOf: () => 0 }).refusal()
      const [status, body] = await ask('/health/ready')
      assert.equal(status, 503)
      assert.deepEqual(JSON.parse(body), {
        status: 'waiting',
        code: 'DISK_LOW',
        reason: 'the disk of / has 0 MB free, and 1 MB are kept in reserve',
      })
      assert.equal((await ask('/other'))[0], 404)
      await assert.rejects(
        serveProbe({
          host: '127.0.0.1',
          port: Number(new URL(probe.url).port),
          metrics,
          ready: () => readinessOf(true, undefined),
        }),
        { code: 'HTTP_PORT_TAKEN' },
      )
    } finally {
      await probe.close()
    }
  })
})
