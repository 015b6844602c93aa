import type { AuditReport } from './audit.ts'

/** The report as text. */
export function auditText({ ok, partitions, journals, aggregates, faults }: AuditReport): string {
  const sections = [
    table(
      ['log', 'offsets', 'landed', 'dead', 'gaps', 'expired', 'erased', ''],
      partitions.map((p) => [
        `${p.topic}/${p.partition}`,
        p.end - p.start,
        p.landed,
        p.dead,
        p.gaps,
        p.expired,
        p.erased,
        mark(p.faults.length === 0),
      ]),
    ),
    table(
      ['journal', 'acknowledged', 'missing', ''],
      journals.map((j) => [`${j.producer} ${j.topic}`, j.acknowledged, j.missing, mark(j.missing === 0)]),
    ),
    table(
      ['aggregate', 'rows', ''],
      aggregates.map((a) => [a.name, a.rows, mark(a.equal)]),
    ),
    ok ? 'audit: ok' : `audit: ${faults.length} fault(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

const mark = (fine: boolean): string => (fine ? 'ok' : 'FAULT')

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return ''
  const cells = [
    head,
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell))),
  ]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
