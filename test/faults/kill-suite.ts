import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startTestBroker, type TestBroker } from './broker.ts'
import type { SinkOptions } from './child-options.ts'
import { assertExact, engineFor, finish, killEngine, killLoad, killSinks } from './kill-rounds.ts'
import { KILL_POINTS } from './kill-points.ts'
import type { Load } from './load.ts'
import { endAll, type EngineProcess } from './processes.ts'

/**
 * The kill -9 proof, with `kills` kills a point: one broker, one load that never pauses, and two sinks beside one
 * another, each a group of its own: one with the engine in its process, one with the engine behind HTTP.
 */
export function killSuite(kills: number): void {
  describe(`a sink killed ${kills} times at each point, under load`, () => {
    let broker: TestBroker
    let load: Load
    before(async () => {
      broker = await startTestBroker()
      load = killLoad(broker)
    })
    after(async () => {
      endAll()
      await load.stop()
      await broker.stop()
    })
    const folder = (name: string): string => {
      const path = join(broker.folder, name)
      mkdirSync(path, { recursive: true })
      return path
    }
    const account = async (
      test: TestContext,
      options: SinkOptions,
      dataDir: string,
      engine?: EngineProcess,
    ): Promise<void> => {
      const result = await finish(broker, options, load, dataDir, engine)
      test.diagnostic(JSON.stringify(result))
      assertExact(result)
    }

    it('with the engine in its process: lost 0, counted twice 0', async (test) => {
      const options: SinkOptions = {
        brokers: broker.brokers,
        group: 'embedded',
        instanceId: 'embedded-1',
        dataDir: folder('embedded'),
        url: '',
      }
      for (const point of KILL_POINTS)
        test.diagnostic(`${point}: ${JSON.stringify(await killSinks(options, point, kills))}`)
      await pause(load, () => account(test, options, options.dataDir))
      load = killLoad(broker)
    })

    it('with the engine behind HTTP, which is killed too: lost 0, counted twice 0', async (test) => {
      const dataDir = folder('server')
      const engine = await engineFor(dataDir)
      const options: SinkOptions = {
        brokers: broker.brokers,
        group: 'server',
        instanceId: 'server-1',
        dataDir: '',
        url: engine.url,
      }
      for (const point of KILL_POINTS)
        test.diagnostic(`${point}: ${JSON.stringify(await killSinks(options, point, kills))}`)
      test.diagnostic(`the engine: ${JSON.stringify(await killEngine(engine, options, kills))}`)
      await pause(load, () => account(test, options, dataDir, engine))
    })
  })
}

/** The account is taken of a log that stands still. */
async function pause(load: Load, work: () => Promise<void>): Promise<void> {
  await load.stop()
  await work()
}
