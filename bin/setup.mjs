#!/usr/bin/env node
// Entry point of `npm start`, `npm test`, `npm run soak` and `npm run playloop` on any machine with Node >= 20:
// installs what is missing, then hands over to the Node of node_modules. Plain JavaScript without imports from npm,
// because nothing is installed yet when it runs.
import { pathToFileURL } from 'node:url'
import { chromium, findChromium } from './setup/chromium.mjs'
import { SetupError } from './setup/common.mjs'
import { dependencies, missingDependencies } from './setup/dependencies.mjs'
import { kafka } from './setup/kafka.mjs'
import { handOver, stages } from './setup/run.mjs'

export { findChromium, handOver, missingDependencies }

const LEAST_NODE = [20, 0]
const NEEDS = { dependencies, kafka, chromium }
const MODES = {
  start: { needs: ['dependencies', 'kafka'], run: (args) => handOver(['bin/playloop.ts', 'start', ...args]) },
  playloop: { needs: ['dependencies'], run: (args) => handOver(['bin/playloop.ts', ...args]) },
  test: { needs: ['dependencies', 'kafka', 'chromium'], run: (args) => stages(args) },
  soak: {
    needs: ['dependencies', 'kafka'],
    run: (args) =>
      handOver([
        '--test',
        '--test-concurrency=1',
        ...(args.length > 0 ? args : ['test/soak/**/*.test.ts', 'test/faults/liveness.test.ts']),
      ]),
  },
}

export async function main([mode = '', ...args], env = process.env) {
  const chosen = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined
  if (chosen === undefined) {
    console.error(`usage: node bin/setup.mjs <${Object.keys(MODES).join('|')}> [arguments]`)
    return 2
  }
  try {
    checkNode()
    for (const need of chosen.needs) await NEEDS[need](env)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`\nsetup: ${error.message}`)
    return 1
  }
  return chosen.run(args)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: 20 or newer starts playloop, which then runs on its own Node 24`,
    )
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(process.argv.slice(2))
