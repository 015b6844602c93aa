import { positive, wholeNumber, type Flags } from '../cli.ts'
import { fail } from '../errors.ts'
import { startWorld } from '../rooms.ts'
import type { Role } from './role.ts'

export const WORLD_FLAGS: Flags = {
  seed: { type: 'string', hint: 'N', doc: 'the world is a function of it (7)', check: wholeNumber(0) },
  speed: { type: 'string', hint: 'N', doc: "how many times faster than ours the world's clock runs (10)", check: positive },
  rate: { type: 'string', hint: 'N', doc: 'events a second to aim at, instead of what the viewers do', check: positive },
  backfill: { type: 'string', hint: 'DAYS', doc: 'days of the past to send first (0)', check: wholeNumber(0, 365) },
}

export const role: Role = {
  summary: 'the simulated world: viewers, players, appliances',
  flags: { ...WORLD_FLAGS, collector: { type: 'string', hint: 'URL', doc: 'where its events go', check: (value) => (URL.canParse(value) ? undefined : 'must be a URL') } },
  async start(ctx, args) {
    const collectorUrl = args.text('collector')
    if (collectorUrl === undefined) throw fail('CLI_NEEDS', { role: 'world', what: 'a collector', next: 'give it --collector http://127.0.0.1:8081' })
    const world = await startWorld(ctx, {
      collectorUrl, seed: args.number('seed') ?? 7, speed: args.number('speed') ?? 10,
      backfillDays: args.number('backfill') ?? 0, rate: args.number('rate'),
    })
    return { info: {}, done: world.done, stop: () => world.stop(), stats: () => world.stats() }
  },
}
