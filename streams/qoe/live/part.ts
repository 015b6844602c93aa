import type { Part } from '../../../platform/module.ts'
import { service, type Service } from '../../../platform/services.ts'
import { startLive, type LiveService, type OnLanded } from './service.ts'

/** The live view of this process. */
export const LIVE = service<LiveService>('qoe.live')

/**
 * The live view as a part of a role that reads it. Where several roles run in one process, the first part starts it and
 * the others find it. `landed` is offered where the sink runs in the same process.
 */
export const liveView = (role: 'api' | 'detect', landed?: Service<{ readonly onLanded: OnLanded }>): Part => ({
  role,
  async start({ store, clock, logger, metrics, services }) {
    const sink = landed && services.find(landed)
    const onLanded: OnLanded | undefined = sink && ((listener) => sink.onLanded(listener))
    const own =
      services.find(LIVE) === undefined ? await startLive({ store, clock, logger, metrics, onLanded }) : undefined
    if (own !== undefined) services.provide(LIVE, own)
    // It never ends by itself: what cannot be read is read again.
    const { promise: done, resolve } = Promise.withResolvers<void>()
    return {
      done,
      async stop() {
        await own?.stop()
        resolve()
      },
    }
  },
})
