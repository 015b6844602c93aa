import { parseArgs } from 'node:util'
import type { Arguments } from '../platform/cli/flags.ts'
import type { Command } from '../platform/module.ts'
import { fail } from '../platform/cli/errors.ts'
import { errorCode, errorMessage, PlayloopError } from '../platform/errors.ts'

/** Parses a command's arguments; throws CLI_USAGE. */
export function parse(name: string, command: Command, raw: readonly string[]): Arguments {
  const next = `playloop ${name} --help shows what there is`
  const options = Object.fromEntries(Object.entries(command.flags).map(([flag, { type }]) => [flag, { type }]))
  let read
  try {
    read = parseArgs({ args: [...raw], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw fail('CLI_USAGE', { fault: `playloop ${name}: ${errorMessage(error).split(/\. |\n/)[0]!}`, next }, error)
  }
  const values = read.values as Readonly<Record<string, string | boolean | undefined>>
  const faults = Object.entries(command.flags).flatMap(([flag, { check }]) => {
    const value = values[flag]
    const fault = typeof value === 'string' ? check?.(value) : undefined
    return fault === undefined ? [] : [`--${flag} ${fault}`]
  })
  const { least, most } = command.words ?? { least: 0, most: 0 }
  if (read.positionals.length < least) faults.push(`needs ${command.usage}`)
  if (read.positionals.length > most) faults.push(`does not know what to do with "${read.positionals[most]!}"`)
  if (faults.length > 0) throw fail('CLI_USAGE', { fault: `playloop ${name}: ${faults.join('; ')}`, next })
  const text = (flag: string): string | undefined => (typeof values[flag] === 'string' ? values[flag] : undefined)
  return {
    words: read.positionals,
    text,
    number: (flag) => (text(flag) === undefined ? undefined : Number(text(flag))),
    on: (flag) => values[flag] === true,
  }
}

export function helpOf(name: string, command: Command): string {
  const flags = Object.entries(command.flags).map(([flag, { hint, doc }]): [string, string] => [
    `--${flag}${hint === undefined ? '' : ` ${hint}`}`,
    doc,
  ])
  const width = Math.max(0, ...flags.map(([flag]) => flag.length))
  return [
    `playloop ${name} ${command.usage}`.trimEnd(),
    '',
    `  ${command.summary}`,
    ...(command.details === undefined ? [] : ['', command.details]),
    ...(flags.length === 0 ? [] : ['', ...flags.map(([flag, doc]) => `  ${flag.padEnd(width)}  ${doc}`)]),
    '',
  ].join('\n')
}

/** Formats an error for people: code, message, what to do. */
export function errorText(error: unknown): string {
  const known = error instanceof PlayloopError
  const first = `${errorCode(error)}: ${errorMessage(error)}`
  if (known) return error.next === '' ? first : `${first}\n  → ${error.next}`
  return error instanceof Error && error.stack !== undefined ? `${first}\n${error.stack}` : first
}
