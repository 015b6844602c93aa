import path from 'node:path'
import type { Arguments } from '../../platform/cli/flags.ts'
import { fail } from '../../platform/cli/errors.ts'
import { secretWith } from '../../platform/http/auth/keys.ts'
import type { Module } from '../../platform/module.ts'
import type { Info } from '../../platform/process/protocol.ts'
import type { RoleContext, StartedRole } from '../../platform/role.ts'
import { producerKey } from '../collector/index.ts'
import type { Scenario } from './faults.ts'
import { registerExperiments } from './register.ts'
import { API_FLAG, COLLECTOR_FLAG, scenarioIn, WORLD_FLAGS } from './flags.ts'

const whereTheOthersAre = (infos: ReadonlyMap<string, Info>): string[] => [
  `--collector=${infos.get('collector')?.['url'] ?? ''}`,
  `--api=${infos.get('store')?.['url'] ?? ''}`,
]

export const simulator: Module = {
  name: 'producers/simulator',
  roles: {
    world: {
      summary: 'the simulated world: viewers, players, appliances',
      flags: { ...WORLD_FLAGS, collector: COLLECTOR_FLAG, api: API_FLAG },
      local: { after: ['collector', 'store'], flags: WORLD_FLAGS, args: whereTheOthersAre },
      start,
    },
  },
}

/** Default events per second: some hundred viewers, enough for visible activity on a page. */
const LIVELY = 300

async function start(ctx: RoleContext, args: Arguments): Promise<StartedRole> {
  const collectorUrl = args.text('collector')
  if (collectorUrl === undefined)
    throw fail('CLI_NEEDS', {
      role: 'world',
      what: 'a collector',
      next: 'give it --collector http://127.0.0.1:8081',
    })
  const { startWorld } = await import('./main.ts')
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
    ingestKey: producerKey(ctx.config),
  })
  const registering = register(ctx, args.text('api'))
  return {
    info: {},
    done: world.done,
    async stop() {
      registering.abort()
      await world.stop()
    },
    stats: () => {
      const { produced, accepted, duplicates, rejected, abandoned, pending, phase, backfilled } = world.stats()
      return { produced, accepted, duplicates, rejected: { ...rejected }, abandoned, pending, phase, backfilled }
    },
  }
}

/** The flag was validated when the command line was parsed. */
function scenario(file: string | undefined): { scenario?: Scenario } {
  const read = file === undefined ? undefined : scenarioIn(file)
  return typeof read === 'object' ? { scenario: read } : {}
}

/** Registers the world's experiments in the background; retries until the API has them. */
function register({ clock, config, logger }: RoleContext, api: string | undefined): AbortController {
  const stopping = new AbortController()
  if (api !== undefined && api !== '')
    void registerExperiments({
      api,
      clock,
      key: secretWith(config.http.auth, 'write:experiments'),
      logger,
      signal: stopping.signal,
    })
  return stopping
}
