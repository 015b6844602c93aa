import { startDetection, type ThresholdRule } from '../models/detect/index.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import { openWebhook } from '../platform/webhook.ts'
import type { LiveService } from '../streams/qoe/live/index.ts'

/**
 * Detection over the minutes that the live view keeps. The open minutes of 80,000 players took a core's whole time when
 * they were asked of the store every round; in the live view they are there.
 */
export function openDetection(
  { config, clock, logger, metrics }: Pick<RoleContext, 'config' | 'clock' | 'logger' | 'metrics'>,
  store: Store,
  rules: readonly ThresholdRule[],
  live: Pick<LiveService, 'clocks' | 'minutes'>,
): RunningRole {
  const { url, secret } = config.detect.webhook
  return startDetection({
    store,
    clock,
    logger,
    metrics,
    rules,
    clocks: () => live.clocks(),
    minutes: (span) => live.minutes(span),
    post: url === '' ? undefined : openWebhook(url, secret),
  })
}
