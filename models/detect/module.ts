import type { Module, PartContext, RunningPart } from '../../platform/module.ts'
import type { Service } from '../../platform/services.ts'
import { migrations } from './migrations.ts'
import type { DetectionOptions } from './role.ts'
import { DETECT } from './settings.ts'

/** Where detection reads the minutes of every clock. */
export type MinuteSource = Pick<DetectionOptions, 'clocks' | 'minutes'>

/** Incidents of playback quality, from minutes that another module provides. */
export const detection = (source: Service<MinuteSource>): Module => ({
  name: 'models/detect',
  after: ['streams/qoe'],
  settings: [DETECT],
  migrations,
  validate: async ({ config }) => void (await import('./rules-file.ts')).rulesIn(config.of(DETECT).rulesFile),
  parts: [{ roles: ['detect'], start: (ctx) => startPart(ctx, source) }],
})

async function startPart(ctx: PartContext, source: Service<MinuteSource>): Promise<RunningPart> {
  const [{ rulesIn }, { startDetection }, { openWebhook }] = await Promise.all([
    import('./rules-file.ts'),
    import('./role.ts'),
    import('../../platform/webhook.ts'),
  ])
  const { rulesFile, webhookUrl, webhookSecret } = ctx.config.of(DETECT)
  const minutes = ctx.services.get(source)
  return startDetection({
    ...ctx,
    rules: rulesIn(rulesFile),
    clocks: () => minutes.clocks(),
    minutes: (span) => minutes.minutes(span),
    post: webhookUrl === '' ? undefined : openWebhook(webhookUrl, webhookSecret),
  })
}
