#!/usr/bin/env node
// `npm start`, `npm test`, `npm run soak` and `npm run playloop` on any machine with Node >= 20: does what is missing,
// then
// hands over to the Node of node_modules. Plain JavaScript without imports from npm: nothing is installed yet when it
// runs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(ROOT, ...parts)
const NODE = at('node_modules', '.bin', 'node')
const LEAST = { node: [20, 0], java: 17 }
// chdb answers queries on libuv's pool: its four threads would make one slow query delay every other.
const ENVIRONMENT = { UV_THREADPOOL_SIZE: '16' }

const MODES = {
  start: { needs: ['dependencies', 'kafka'], run: (args) => handOver(['bin/playloop.ts', 'start', ...args]) },
  playloop: { needs: ['dependencies'], run: (args) => handOver(['bin/playloop.ts', ...args]) },
  test: { needs: ['dependencies', 'kafka', 'chromium'], run: (args) => stages(args) },
  soak: {
    needs: ['dependencies', 'kafka'],
    run: (args) =>
      handOver(['--test', '--test-concurrency=1', ...(args.length > 0 ? args : ['test/soak/**/*.test.ts'])]),
  },
}
const STAGES = ['check', 'unit', 'e2e']

class SetupError extends Error {}

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
  if (major < LEAST.node[0] || (major === LEAST.node[0] && minor < LEAST.node[1])) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: 20 or newer starts playloop, which then runs on its own Node 24`,
    )
  }
}

const NEEDS = {
  async dependencies() {
    let reason = missingDependencies()
    if (reason === '') return
    const unlock = await lock()
    try {
      reason = missingDependencies()
      if (reason !== '') await install(reason)
    } finally {
      unlock()
    }
  },

  /**
   * The local broker: Java, and its jars. With KAFKA_BROKERS there is none. Maven is asked for only when there is
   * something to fetch.
   */
  async kafka(env) {
    if (env.KAFKA_BROKERS) return
    checkJava(env)
    if (kafkaIsThere()) return
    checkMaven()
    await step('fetching Apache Kafka (54 MB, once)', NODE, ['platform/kafka/local/fetch.ts'])
  },

  async chromium() {
    if (findChromium() !== '') return
    const sudo = process.getuid?.() === 0 ? [] : succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
    if (sudo === undefined || !succeeds('apt-get', ['--version'])) {
      throw new SetupError(
        'the browser tests need Chromium, and it cannot be installed from here:\n  install it (Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install chromium), or run parts: npm test -- check unit',
      )
    }
    const apt = (...args) => [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
    const [command, ...update] = apt('update')
    await step('asking the package manager for Chromium', command, update)
    await step(
      'installing Chromium for the browser tests',
      command,
      apt('install', '-y', '--no-install-recommends', 'chromium').slice(1),
    )
    if (findChromium() === '')
      throw new SetupError('the package manager installed no Chromium: install it and run this again')
  },
}

/** Why `npm ci` must run; empty when it need not. */
export function missingDependencies(root = ROOT) {
  const modules = path.join(root, 'node_modules')
  if (!existsSync(modules)) return 'node_modules is not there'
  if (!existsSync(path.join(modules, '.bin', 'node'))) return 'its Node 24 is not there'
  const [stamp, lockfile] = [path.join(modules, '.playloop-lock'), path.join(root, 'package-lock.json')]
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === digest(lockfile) ? '' : 'package-lock.json has changed'
  // Installed by hand: npm's own record is newer than what it was made from.
  const record = path.join(modules, '.package-lock.json')
  return existsSync(record) && statSync(record).mtimeMs >= statSync(lockfile).mtimeMs
    ? ''
    : 'package-lock.json has changed'
}

async function install(reason) {
  const [npm, ...before] = npmCommand()
  await step(`installing dependencies: ${reason} (1.2 GB unpacked, half of it the ClickHouse engine)`, npm, [
    ...before,
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  const version = spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  if (!version.startsWith('v24.')) {
    throw new SetupError(
      `the Node 24 of node_modules does not run (${version || 'no answer'}): npm must be allowed to run install scripts (npm config get ignore-scripts says false)`,
    )
  }
  writeFileSync(at('node_modules', '.playloop-lock'), digest(at('package-lock.json')))
}

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** npm as it runs us, else the one on the path. */
function npmCommand() {
  const script = process.env.npm_execpath
  if (script && /npm-cli\.[cm]?js$/.test(script)) return [process.execPath, script]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

function kafkaIsThere() {
  const cache = at('.cache')
  if (!existsSync(cache)) return false
  const folders = readdirSync(cache).filter((name) => existsSync(path.join(cache, name, 'stamp.json')))
  const wanted = digest(at('platform', 'kafka', 'local', 'jars.sha256'))
  return (
    folders.some((name) => JSON.parse(readFileSync(path.join(cache, name, 'stamp.json'), 'utf8')).list === wanted) &&
    readdirSync(cache).some((name) => name.endsWith('.jsa'))
  )
}

const INSTEAD = 'or set KAFKA_BROKERS to a Kafka that runs, or use docker-compose.yml'

function checkJava(env) {
  const java = env.JAVA_HOME ? path.join(env.JAVA_HOME, 'bin', 'java') : 'java'
  const { stderr, error } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  const install = `install it (Debian: apt-get install default-jre-headless; macOS: brew install openjdk), ${INSTEAD}`
  if (error) throw new SetupError(`Java 17 or newer is needed for the local Kafka and was not found:\n  ${install}`)
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? []
  const version = Number(first === '1' ? second : first)
  if (version < LEAST.java)
    throw new SetupError(
      `Java 17 or newer is needed for the local Kafka, and \`${java}\` is version ${version}:\n  ${install}`,
    )
}

function checkMaven() {
  if (!succeeds(process.platform === 'win32' ? 'mvn.cmd' : 'mvn', ['-v'])) {
    throw new SetupError(
      `Maven fetches the local Kafka and was not found:\n  install it (Debian: apt-get install maven; macOS: brew install maven), ${INSTEAD}`,
    )
  }
}

/** Chromium's command, or nothing. */
export function findChromium(env = process.env) {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (env.PATH ?? '').split(path.delimiter)
  return (
    names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file)) ?? ''
  )
}

const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Runs a long step: says what and why, and how long it has taken. */
async function step(what, command, args) {
  const started = Date.now()
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`
  const terminal = process.stderr.isTTY
  process.stderr.write(terminal ? `setup: ${what} …` : `setup: ${what}\n`)
  const ticking = terminal
    ? setInterval(() => process.stderr.write(`\r\x1b[Ksetup: ${what} … ${elapsed()}`), 1_000)
    : undefined
  const output = []
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.once('error', (error) => resolve(error.message))
    child.once('close', resolve)
  })
  clearInterval(ticking)
  if (code !== 0)
    throw new SetupError(
      `${what} failed (${code}):\n${Buffer.concat(output).toString().trim().split('\n').slice(-12).join('\n')}`,
    )
  process.stderr.write(`${terminal ? '\r\x1b[K' : ''}setup: ${what}: done in ${elapsed()}\n`)
}

/** Of several that set up at once, one works and the others wait. */
async function lock() {
  const folder = at('.cache', 'setup.lock')
  mkdirSync(at('.cache'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'pid'), String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!holderLives(folder)) rmSync(folder, { recursive: true, force: true })
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

function holderLives(folder) {
  try {
    process.kill(Number(readFileSync(path.join(folder, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    // Made a moment ago and not signed yet counts as held.
    return (
      error.code === 'EPERM' ||
      (error.code === 'ENOENT' && existsSync(folder) && Date.now() - statSync(folder).mtimeMs < 2_000)
    )
  }
}

/**
 * Runs Node 24 in our place: our signals go to it, its exit code is ours. The channel tells it should we be killed.
 * A terminal sends Ctrl-C to both; the program takes the second copy of a signal for the same one.
 */
export function handOver(args, command = NODE, env = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...ENVIRONMENT, ...process.env, ...env },
  })
  return outlive(child)
}

function outlive(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const forward = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`setup: ${error.message}`)
      resolve(1)
    })
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
}

/** `npm test`: every stage runs, whatever the one before said; one summary stands at the end. */
async function stages(wanted) {
  const unknown = wanted.filter((name) => !STAGES.includes(name))
  if (unknown.length > 0) {
    console.error(`setup: no such stage: ${unknown.join(', ')}; there are ${STAGES.join(', ')}`)
    return 2
  }
  const results = []
  for (const name of STAGES.filter((stage) => wanted.length === 0 || wanted.includes(stage))) {
    console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
    const started = Date.now()
    const [npm, ...before] = npmCommand()
    const child = spawn(npm, [...before, 'run', '--silent', name], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...ENVIRONMENT, ...process.env },
    })
    const code = await outlive(child)
    results.push({ name, code, seconds: (Date.now() - started) / 1000 })
    if (code > 128) break
  }
  console.log(`\n── summary ${'─'.repeat(53)}`)
  for (const { name, code, seconds } of results)
    console.log(
      `${code === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(8)} ${seconds.toFixed(0).padStart(5)} s${code === 0 ? '' : `  exit code ${code}`}`,
    )
  const failed = results.some(({ code }) => code !== 0)
  console.log(failed ? 'npm test: FAILED' : 'npm test: everything passed')
  return failed ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(process.argv.slice(2))
