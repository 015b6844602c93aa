import { receiver, settings, text } from '../../platform/settings.ts'

export const DETECT = settings('Incidents', {
  rulesFile: text(
    'PLAYLOOP_ALERT_RULES',
    '',
    'JSON file of alerts on fixed limits (below), read at start. Unset: only anomalies are incidents.',
  ),
  webhookUrl: receiver(
    'PLAYLOOP_WEBHOOK_URL',
    'Receiver of a `POST` whenever an incident opens, changes, is acknowledged or ends. Unset: incidents stand in the log alone.',
  ),
  webhookSecret: text(
    'PLAYLOOP_WEBHOOK_SECRET',
    '',
    'Key of the signature (HMAC-SHA256, headers of Standard Webhooks 1.0): base64 behind `whsec_`, or any other text as it is. Unset: requests are not signed.',
  ),
})
