import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { systemClock } from '../../../platform/clock.ts'
import { readConfig } from '../../../platform/config.ts'
import { silentLogger } from '../../../platform/logger.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import type { PartContext } from '../../../platform/module.ts'
import { createServices, service } from '../../../platform/services.ts'
import { LIVE, liveView } from './part.ts'
import type { OnLanded } from './service.ts'

const SINK = service<{ readonly onLanded: OnLanded }>('test.sink')

/** A store without a row, so that a tick costs nothing. */
const empty: Store = {
  exec: async () => undefined,
  rows: async () => [],
  bytes: async () => new Uint8Array(),
  insertAvro: async () => undefined,
  close: async () => undefined,
}
const context = (): PartContext => ({
  store: empty,
  config: readConfig({}),
  clock: systemClock,
  logger: silentLogger,
  metrics: openMetrics(),
  services: createServices(),
})

describe('the live view as a part of a role', () => {
  it('is started once in a process, whatever roles run in it, and ends with who started it', async () => {
    const ctx = context()
    const first = await liveView('api').start(ctx)
    const live = ctx.services.get(LIVE)
    const second = await liveView('detect').start(ctx)
    assert.equal(ctx.services.get(LIVE), live)
    await second.stop()
    assert.deepEqual(await live.minutes({ clock: 'world', from: 0, to: 0 }), [])
    await first.stop()
    await first.done
  })

  it('looks as soon as the sink of its process has landed something', async () => {
    const ctx = context()
    let listeners = 0
    ctx.services.provide(SINK, { onLanded: () => (listeners++, () => listeners--) })
    const part = await liveView('api', SINK).start(ctx)
    assert.equal(listeners, 1)
    await part.stop()
    assert.equal(listeners, 0)
  })
})
