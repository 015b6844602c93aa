import path from 'node:path'
import { startWorld } from '../../producers/simulator/main.ts'
import { fail } from '../errors.ts'
import type { Scenario } from '../../producers/simulator/faults.ts'
import { scenarioIn } from '../scenario.ts'
import { WORLD_FLAGS } from '../world-flags.ts'
import type { Role } from './role.ts'

/** Events a second by default: some hundred viewers, so that a page moves at first sight. */
const LIVELY = 300

export const role: Role = {
  summary: 'the simulated world: viewers, players, appliances',
  flags: {
    ...WORLD_FLAGS,
    collector: {
      type: 'string',
      hint: 'URL',
      doc: 'where its events go',
      check: (value) => (URL.canParse(value) ? undefined : 'must be a URL'),
    },
  },
  async start(ctx, args) {
    const collectorUrl = args.text('collector')
    if (collectorUrl === undefined)
      throw fail('CLI_NEEDS', { role: 'world', what: 'a collector', next: 'give it --collector http://127.0.0.1:8081' })
    const rate = args.number('rate') ?? LIVELY
    const world = await startWorld(ctx, {
      collectorUrl,
      seed: args.number('seed') ?? 7,
      speed: args.number('speed') ?? 10,
      backfillDays: args.number('backfill') ?? 0,
      cmcd: args.text('telemetry') !== 'json',
      ...scenario(args.text('scenario')),
      journalDir: path.join(ctx.config.dataDir, 'journal'),
      ...(rate === 0 ? {} : { rate }),
      ...ingestKey(ctx.config.collector.ingestKeys),
    })
    return {
      info: {},
      done: world.done,
      stop: () => world.stop(),
      stats: () => {
        const { produced, accepted, duplicates, rejected, abandoned, pending, phase, backfilled } = world.stats()
        return { produced, accepted, duplicates, rejected: { ...rejected }, abandoned, pending, phase, backfilled }
      },
    }
  },
}

const ingestKey = ([key]: readonly string[]): { ingestKey?: string } => (key === undefined ? {} : { ingestKey: key })

/** The flag was checked when the command line was read. */
function scenario(file: string | undefined): { scenario?: Scenario } {
  const read = file === undefined ? undefined : scenarioIn(file)
  return typeof read === 'object' ? { scenario: read } : {}
}
