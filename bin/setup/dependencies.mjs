// Installs the dependencies of package-lock.json, including Node 24.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { at, digest, NODE, ROOT, SetupError, step } from './common.mjs'

export async function dependencies() {
  let reason = missingDependencies()
  if (reason === '') return
  const unlock = await lock()
  try {
    reason = missingDependencies()
    if (reason !== '') await install(reason)
  } finally {
    unlock()
  }
}

/** Reason why `npm ci` must run; empty if it need not. */
export function missingDependencies(root = ROOT) {
  const modules = path.join(root, 'node_modules')
  if (!existsSync(modules)) return 'node_modules is not there'
  if (!existsSync(path.join(modules, '.bin', 'node'))) return 'its Node 24 is not there'
  const [stamp, lockfile] = [path.join(modules, '.playloop-lock'), path.join(root, 'package-lock.json')]
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === digest(lockfile) ? '' : 'package-lock.json has changed'
  // Installed manually: npm's own record is newer than the files it was made from.
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

/** The npm that runs this script, otherwise the one on the path. */
export function npmCommand() {
  const script = process.env.npm_execpath
  if (script && /npm-cli\.[cm]?js$/.test(script)) return [process.execPath, script]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/** If several set-ups run at once, one works and the others wait. */
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
    // A lock that was just created and has no content yet counts as held.
    return (
      error.code === 'EPERM' ||
      (error.code === 'ENOENT' && existsSync(folder) && Date.now() - statSync(folder).mtimeMs < 2_000)
    )
  }
}
