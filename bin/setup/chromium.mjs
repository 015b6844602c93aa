// Installs Chromium for the browser tests with the system's package manager.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { SetupError, step, succeeds } from './common.mjs'

export async function chromium() {
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
}

/** Returns Chromium's command, or '' if there is none. */
export function findChromium(env = process.env) {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (env.PATH ?? '').split(path.delimiter)
  return (
    names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file)) ?? ''
  )
}
