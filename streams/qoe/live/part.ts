import type { PartContext, RunningPart } from '../../../platform/module.ts'
import { LIVE } from './live.ts'
import { startLive } from './service.ts'

const LANDED = 'landed:playback.telemetry'

/** The live view of a process; where the sink runs in it too, it is computed as soon as something has landed. */
export async function startLivePart({ signals, services, ...ctx }: PartContext): Promise<RunningPart> {
  const live = await startLive({
    ...ctx,
    onLanded: signals.has(LANDED) ? (listener) => signals.on(LANDED, () => listener('playback.telemetry')) : undefined,
  })
  services.provide(LIVE, live)
  // It never ends by itself: what cannot be read is read again.
  const { promise: done, resolve } = Promise.withResolvers<void>()
  return { done, stats: () => ({ event_to_visible_ms: { ...live.visible() } }), stop: () => live.stop().then(resolve) }
}
