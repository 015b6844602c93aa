import { parseArgs } from 'node:util'
import { errorCode, errorMessage, PlayloopError } from '../platform/errors.ts'
import { fail } from './errors.ts'

/** One flag of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help. */
  readonly hint?: string
  readonly doc: string
  /** What is wrong with a value, or nothing. */
  readonly check?: (value: string) => string | undefined
}

export type Flags = Readonly<Record<string, Flag>>

export interface Arguments {
  readonly words: readonly string[]
  text(flag: string): string | undefined
  number(flag: string): number | undefined
  on(flag: string): boolean
}

/** A command of the CLI. It returns the exit code. */
export interface Command {
  readonly summary: string
  /** What follows the command's name. */
  readonly usage: string
  readonly flags: Flags
  /** Words it takes; a command that passes everything on takes any flag too. */
  readonly words?: { readonly least: number; readonly most: number }
  readonly passesOn?: boolean
  readonly details?: string
  run(args: Arguments, raw: readonly string[]): Promise<number>
}

export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: string): string | undefined =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? ' up' : ` to ${most}`}`

export const positive = (value: string): string | undefined =>
  Number.isFinite(Number(value)) && Number(value) > 0 ? undefined : 'must be a number above 0'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `90s`, `2m`, `500ms`, `1h`; a bare number is seconds. */
export function duration(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * UNITS[unit]!
}

export const isDuration = (text: string): string | undefined =>
  (duration(text) ?? 0) > 0 ? undefined : 'must be a duration such as 60s, 5m or 1h'

/** Reads a command's arguments; throws CLI_USAGE. */
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

/** An error as a person reads it: code, sentence, what to do. */
export function errorText(error: unknown): string {
  const known = error instanceof PlayloopError
  const first = `${errorCode(error)}: ${errorMessage(error)}`
  if (known) return error.next === '' ? first : `${first}\n  → ${error.next}`
  return error instanceof Error && error.stack !== undefined ? `${first}\n${error.stack}` : first
}
