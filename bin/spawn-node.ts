import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import path from 'node:path'

const ROOT = path.dirname(import.meta.dirname)

/**
 * Runs a script of the project in a separate Node process and returns its exit code. A terminal's signals reach both.
 */
export async function spawnNode(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGTERM', forward).on('SIGINT', forward)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  process.off('SIGTERM', forward).off('SIGINT', forward)
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}
