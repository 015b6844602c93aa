import type { PartContext, RunningPart } from '../../../platform/module.ts'
import { LIVE } from './live.ts'
import { startLive } from './service.ts'
import { LIVE_VIEW } from './settings.ts'

const LANDED = 'landed:playback.telemetry'

/** Runs the live view in a process. If the sink runs in it too, each landed batch triggers a tick. */
export async function startLivePart({ signals, services, ...ctx }: PartContext): Promise<RunningPart> {
  const live = await startLive({
    ...ctx,
    sessions: ctx.config.of(LIVE_VIEW).sessions,
    onLanded: signals.has(LANDED) ? (listener) => signals.on(LANDED, () => listener('playback.telemetry')) : undefined,
  })
  services.provide(LIVE, live)
  // Never ends by itself: failed reads are retried.
  const { promise: done, resolve } = Promise.withResolvers<void>()
  return { done, stats: () => ({ event_to_visible_ms: { ...live.visible() } }), stop: () => live.stop().then(resolve) }
}
