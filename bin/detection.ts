import type { LiveService } from '../api/qoe/service.ts'
import {
  DIMENSIONS,
  minutesOfCells,
  minutesOfLive,
  startDetection,
  type Dimension,
  type ThresholdRule,
} from '../models/detect/index.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import { openWebhook } from '../platform/webhook.ts'
import { DETECT } from '../models/detect/settings.ts'
import { MINUTE_MS, minuteCubes, type CubeRow } from '../streams/qoe/index.ts'

/**
 * Minutes looked at in one round of a clock that runs about as fast as time; one that runs faster is read from the
 * store.
 */
const MAX_LIVE_MS = 10 * MINUTE_MS

/**
 * Detection over the minutes that the live view keeps, and over stored ones where it looks further back. The open
 * minutes of
 * 80,000 players took a core's whole time when they were asked of the store every round; in the live view they are
 * there.
 */
export function openDetection(
  { config, clock, logger, metrics }: Pick<RoleContext, 'config' | 'clock' | 'logger' | 'metrics'>,
  store: Store,
  rules: readonly ThresholdRule[],
  live: Pick<LiveService, 'clocks' | 'minutes'>,
): RunningRole {
  const { webhookUrl: url, webhookSecret: secret } = config.of(DETECT)
  return startDetection({
    store,
    clock,
    logger,
    metrics,
    rules,
    clocks: () => live.clocks(),
    async minutes(span) {
      const kept = span.to - span.from <= MAX_LIVE_MS ? await live.minutes(span) : undefined
      return kept === undefined
        ? minutesOfCells(await store.rows<CubeRow<Dimension>>(minuteCubes(span, DIMENSIONS)))
        : minutesOfLive(kept)
    },
    post: url === '' ? undefined : openWebhook(url, secret),
  })
}
