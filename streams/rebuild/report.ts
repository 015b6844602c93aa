import type { RebuiltPartition } from './rebuild.ts'

/** Ranges shown a partition. */
const SHOWN = 5

/** What a rebuild did, a line a partition; a second value says whether nothing is left to do. */
export function reportOf(
  table: string,
  partitions: readonly RebuiltPartition[],
): { readonly lines: readonly string[]; readonly whole: boolean } {
  const lines = partitions.flatMap(({ partition, missing, rows, dead, gone, ledger }) => [
    `${table}/${partition}: ${missing} missing, ${rows} brought back from the log${ledger ? ', ledger written anew' : ''}`,
    ...(dead === 0
      ? []
      : [`  ${dead} are records that no table can hold: rebuild dead_letters brings their letters back`]),
    ...(gone.length === 0
      ? []
      : [`  the log no longer holds ${goneText(gone)}: only another copy can bring them back`]),
  ])
  return { lines, whole: partitions.every(({ missing, rows, gone }) => gone.length === 0 && missing === rows) }
}

function goneText(gone: RebuiltPartition['gone']): string {
  const ranges = gone.slice(0, SHOWN).map(({ first, last }) => `${first} to ${last}`)
  const more = gone.length > SHOWN ? ` and ${gone.length - SHOWN} more ranges` : ''
  return `offsets ${ranges.join(', ')}${more}`
}
