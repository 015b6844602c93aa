import { networks, settings } from '../../platform/settings.ts'

export const WEBHOOKS = settings('Webhooks', {
  networks: networks(
    'PLAYLOOP_WEBHOOK_NETWORKS',
    'Networks that the URLs of webhooks may lead to besides public addresses (by https) and this machine, such as `10.0.0.0/8`. Unset: none.',
  ),
})
