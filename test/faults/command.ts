import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { systemClock } from '../../platform/clock.ts'

export const CLI = path.join(import.meta.dirname, '../../bin/playloop.ts')

/** `playloop start` in a process of its own, with everything it starts. */
export interface Command {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<[number | null, string | null]>
  out(): string
  err(): string
  /** Latest process of a role. */
  pid(role: string): number
  /** Waits until the messages match, of those after `from` characters. */
  until(pattern: RegExp, ms?: number, from?: number): Promise<void>
}

const started: Command['child'][] = []
/** Ends what a failed test left. */
export const endCommands = (): void => started.forEach((child) => child.kill('SIGKILL'))

export function startCommand(dataDir: string, ...flags: string[]): Command {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const args = ['--port=0', '--collector-port=0', `--data=${dataDir}`, '--rate=300', ...flags]
  const child = spawn(process.execPath, [CLI, 'start', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()))
  return {
    child,
    out: () => out,
    err: () => err,
    ended: once(child, 'close') as Promise<[number | null, string | null]>,
    pid: (role) => Number([...err.matchAll(new RegExp(`^${role} +ready \\(process (\\d+)\\)`, 'gm'))].at(-1)?.[1]),
    async until(pattern, ms = 120_000, from = 0) {
      for (let waited = 0; waited < ms && !pattern.test(err.slice(from)) && child.exitCode === null; waited += 50)
        await systemClock.sleep(50)
      assert.match(err.slice(from), pattern)
    },
  }
}

export const lastLine = (text: string): Record<string, unknown> =>
  JSON.parse(text.trim().split('\n').at(-1) ?? '') as Record<string, unknown>

/** Processes below one, shells left out: a guard ends a moment after what it guards. */
export function descendants(root: number): number[] {
  const table = spawnSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const below = (parent: number): number[] =>
    table
      .filter(([, ppid]) => Number(ppid) === parent)
      .flatMap(([pid, , name]) => [...(name === 'sh' ? [] : [Number(pid)]), ...below(Number(pid))])
  return below(root)
}
