// Replaces the set-up's Node by Node 24, and runs the stages of `npm test`.
import { spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { NODE, ROOT } from './common.mjs'
import { npmCommand } from './dependencies.mjs'

// chdb runs queries on libuv's thread pool: with the default four threads, one slow query would delay all others.
const ENVIRONMENT = { UV_THREADPOOL_SIZE: '16' }
const STAGES = ['check', 'unit', 'e2e']

/**
 * Runs Node 24 in place of this process: forwards signals to it and returns its exit code. If this process is killed,
 * the closed channel tells it. A terminal sends Ctrl-C to both; the program ignores the second copy of a signal.
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
  const looking = whenOrphaned(() => child.kill('SIGTERM'))
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`setup: ${error.message}`)
      resolve(1)
    })
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      clearInterval(looking)
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
}

/**
 * npm that is killed outright passes no signal on, so it is looked at. Without npm this process may well outlive the
 * shell that started it.
 */
function whenOrphaned(end) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const npm = npmProcess()
  return setInterval(() => isAlive(npm) || end(), 1_000).unref()
}

/** npm runs a script by a shell; some shells let the script take their own place. */
function npmProcess() {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)], { encoding: 'utf8' })
  const [, above, command = ''] = /^\s*(\d+)\s+(\S+)/.exec(stdout ?? '') ?? []
  return command.endsWith('sh') ? Number(above) : process.ppid
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** `npm test`: runs every stage even if an earlier one failed, and prints one summary at the end. */
export async function stages(wanted) {
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
