import { readFileSync } from 'node:fs'
import { passed, type CaseResult } from './check.ts'
import { errorMessage } from '../../../platform/errors.ts'
import type { Command } from '../../../platform/module.ts'
import { fail } from '../../../platform/cli/errors.ts'

export const statsCommand: Command = {
  summary: 'runs reference cases through the statistics of experiments',
  usage: '--cases FILE [--json]',
  flags: {
    cases: { type: 'string', hint: 'FILE', doc: 'JSON: statistics by group, or values of distributions under "cases"' },
    json: { type: 'boolean', doc: 'one line of JSON with every failure instead of the table' },
  },
  details:
    '  Ends with 0 if there are cases and all agree, with 1 otherwise. models/experiments/cases/README.md says what a file may hold.',
  async run(args) {
    const file = args.text('cases')
    if (file === undefined)
      throw fail('CLI_USAGE', { fault: 'playloop stats needs --cases FILE', next: 'playloop stats --help' })
    const { runCases } = await import('./run.ts')
    const results = runCases(read(file))
    const failures = results.filter((result) => !passed(result))
    console.log(
      args.on('json')
        ? JSON.stringify({ cases: results.length, passed: results.length - failures.length, failures })
        : report(results, failures),
    )
    return results.length > 0 && failures.length === 0 ? 0 : 1
  },
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw fail(
      'CLI_USAGE',
      {
        fault: `playloop stats: ${file} cannot be read as JSON: ${errorMessage(error)}`,
        next: 'name a file of reference cases',
      },
      error,
    )
  }
}

function report(results: readonly CaseResult[], failures: readonly CaseResult[]): string {
  if (results.length === 0) return 'no cases'
  const groups = [...Map.groupBy(results, ({ group }) => group)].map(([group, of]) => [
    group,
    String(of.length),
    String(of.filter(passed).length),
  ])
  return [
    ...table([
      ['group', 'cases', 'passed'],
      ...groups,
      ['all', String(results.length), String(results.length - failures.length)],
    ]),
    ...failures.flatMap(failure),
  ].join('\n')
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
}

const failure = ({ group, id, checks }: CaseResult): string[] => [
  '',
  `${group} ${id}`,
  ...checks
    .filter((check) => !check.passed)
    .map(({ name, expected, seen }) => `  ${name}: expected ${String(expected)}, seen ${String(seen)}`),
]
