#!/usr/bin/env node
import type { Command, Module } from '../platform/module.ts'
import { errorCode } from '../platform/errors.ts'
import { errorText, helpOf, parse } from './cli.ts'
import { bench } from './commands/bench.ts'
import { evaluate } from './commands/eval.ts'
import { runCommand } from './commands/run.ts'
import { schemas } from './commands/schemas.ts'
import { startCommand } from './commands/start.ts'
import { validate } from './commands/validate.ts'
import { commandContext } from './context.ts'
import { MODULES } from './composition.ts'

const USAGE = 2

/** All commands: those that compose modules, and those that modules declare. */
export const commandsOf = (modules: readonly Module[]): Readonly<Record<string, Command>> => ({
  start: startCommand(modules),
  run: runCommand(modules),
  validate,
  ...Object.fromEntries(modules.flatMap(({ commands }) => Object.entries(commands ?? {}))),
  bench,
  eval: evaluate,
  schemas,
})

export async function main([name, ...raw]: readonly string[], modules = MODULES): Promise<number> {
  const commands = commandsOf(modules)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview(commands))
    return name === undefined ? USAGE : 0
  }
  if (!Object.hasOwn(commands, name)) {
    console.error(
      `playloop has no command "${name}"\n  → playloop --help lists ${listed(commands)
        .map(([known]) => known)
        .join(', ')}`,
    )
    return USAGE
  }
  const command = commands[name]!
  if ((raw.includes('--help') || raw.includes('-h')) && !(command.passesOn === true && raw.length > 1)) {
    console.log(helpOf(name, command))
    return 0
  }
  try {
    const args = command.passesOn === true ? NOTHING : parse(name, command, raw)
    return await command.run(args, raw, commandContext(modules))
  } catch (error) {
    console.error(errorText(error))
    return errorCode(error) === 'CLI_USAGE' ? USAGE : 1
  }
}

const NOTHING = { words: [], text: () => undefined, number: () => undefined, on: () => false }

const listed = (commands: Readonly<Record<string, Command>>): [string, Command][] =>
  Object.entries(commands).filter(([, { hidden }]) => hidden !== true)

function overview(commands: Readonly<Record<string, Command>>): string {
  // Only arguments; a command's own help lists its flags.
  const entries = listed(commands).map(([name, { usage, summary }]) => ({
    call: `${name} ${usage.split(/ ?\[?--| \[/)[0]!}`.trim(),
    summary,
  }))
  const width = Math.max(...entries.map(({ call }) => call.length))
  const lines = entries.map(({ call, summary }) => `  ${call.padEnd(width)}  ${summary}`)
  return [
    'playloop: the open feedback loop of a streaming service',
    '',
    ...lines,
    '',
    '  playloop COMMAND --help says more',
    '',
  ].join('\n')
}

if (import.meta.main) {
  // What is printed may go into a file on a full disk, or into a pipe that nobody reads: no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.exit(await main(process.argv.slice(2)))
}
