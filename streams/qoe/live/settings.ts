import { integer, settings } from '../../../platform/settings.ts'

export const LIVE_VIEW = settings('Live view', {
  sessions: integer(
    'PLAYLOOP_LIVE_SESSIONS',
    1_000,
    10_000_000,
    300_000,
    'Sessions that the live view follows at once, of all clocks together, up to 1 KB each. Beyond them those that were silent longest are counted and no longer followed, and the answer says how many spoke again.',
  ),
})
