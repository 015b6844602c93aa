#!/usr/bin/env node
import { errorCode } from '../platform/errors.ts'
import { errorText, helpOf, parse, type Command } from './cli.ts'

/** Each is loaded when it is used: `--help` needs no engine and no broker. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  start: () => import('./commands/start.ts'),
  run: () => import('./commands/run.ts'),
  replay: () => import('./commands/replay.ts'),
  audit: () => import('./commands/audit.ts'),
  bench: () => import('./commands/bench.ts'),
  eval: () => import('./commands/eval.ts'),
  stats: () => import('./commands/stats.ts'),
  validate: () => import('./commands/validate.ts'),
  'dead-letters': () => import('./commands/dead-letters.ts'),
  gaps: () => import('./commands/gaps.ts'),
  // Its name until 0.2.
  holes: () => import('./commands/gaps.ts'),
  schemas: () => import('./commands/schemas.ts'),
}
const USAGE = 2

export async function main([name, ...raw]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(await overview())
    return name === undefined ? USAGE : 0
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    console.error(`playloop has no command "${name}"\n  → playloop --help lists ${Object.keys(COMMANDS).join(', ')}`)
    return USAGE
  }
  const { command } = await COMMANDS[name]!()
  if ((raw.includes('--help') || raw.includes('-h')) && !(command.passesOn === true && raw.length > 1)) {
    console.log(helpOf(name, command))
    return 0
  }
  try {
    return await command.run(command.passesOn === true ? NOTHING : parse(name, command, raw), raw)
  } catch (error) {
    console.error(errorText(error))
    return errorCode(error) === 'CLI_USAGE' ? USAGE : 1
  }
}

const NOTHING = { words: [], text: () => undefined, number: () => undefined, on: () => false }

async function overview(): Promise<string> {
  const entries = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => {
      const { usage, summary } = (await load()).command
      // Words only; the flags stand in the command's own help.
      return { call: `${name} ${usage.split(/ ?\[?--| \[/)[0]!}`.trim(), summary }
    }),
  )
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

if (import.meta.main) process.exit(await main(process.argv.slice(2)))
