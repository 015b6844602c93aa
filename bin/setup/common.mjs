// Paths, and the runner for set-up steps.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const at = (...parts) => path.join(ROOT, ...parts)
export const NODE = at('node_modules', '.bin', 'node')

/** Something is missing on the machine; the message says what, and what to do. */
export class SetupError extends Error {}

export const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')
export const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Runs a long step: prints what it does and why, and the elapsed time. */
export async function step(what, command, args) {
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
