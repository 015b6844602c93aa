import type { ComponentChildren } from 'preact'
import type { Row } from '../chart/row.ts'
import type { Address } from '../shell/address.ts'
import type { Definition } from '../shell/answers.ts'
import { amount, NONE, percent } from '../shell/format.ts'
import { bounds, unitOf } from '../shell/units.ts'
import { changeOf, isCounted, isMoment, valueOf, type Cell } from './answer.ts'
import type { Breakdown } from './asked.ts'
import { behind } from './links.ts'
import { MAX_CELLS } from './question.ts'
import { difference, impactText } from './words.ts'

/** A sortable column of the breakdown. */
export interface Column {
  readonly name: string
  /** Tooltip. */
  readonly means?: string
  /** Sort value: numbers in descending order, text in alphabetical order. */
  readonly order: (cell: Cell) => number | string | null
  readonly cell: (cell: Cell) => Row[number]
}
export const IMPACT = 'impact'

/** Unknown values are last in either direction. */
export function inOrder(cells: readonly Cell[], { order }: Column, up: boolean): Cell[] {
  return cells.toSorted((a, b) => {
    const [x, y] = [order(a), order(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const ascending = typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y)
    return up ? ascending : -ascending
  })
}

export function columnsOf({ definition, view, whole, cells }: Breakdown, address: Address): Column[] {
  const unit = unitOf(definition.unit)
  const unsure = cells.some(({ now }) => now !== undefined && bounds(now, unit) !== '')
  const counted = whole.now !== undefined && (isMoment(definition) || isCounted(whole.now))
  const [greatest, heaviest] = [
    (cell: Cell): number => Math.abs(cell.now?.value ?? 0),
    (cell: Cell): number => Math.abs(cell.impact ?? 0),
  ].map((of) => Math.max(...cells.map(of), 1e-12)) as [number, number]
  const names = view.by.map((name): Column => ({
    name,
    order: (cell) => cell.dimensions[name] ?? '',
    cell: ({ dimensions }) => ({
      text: dimensions[name] || 'unknown',
      href: address.with({ filter: [...new Set([...view.filters, `${name}:${dimensions[name] ?? ''}`])] }),
    }),
  }))
  const impact: Column = {
    name: IMPACT,
    means: `How much worse the whole is because this one is not like the whole: its weight times its distance (${definition.title}).`,
    order: (cell) => cell.impact,
    cell: (cell) => ({
      text: impactText(cell.impact, definition.unit),
      picture: <WeightBar share={(cell.impact ?? 0) / heaviest} />,
    }),
  }
  const share: Column = {
    name: 'share',
    order: ({ now }) => now?.value ?? null,
    cell: ({ now }) => (now === undefined || !whole.now?.value ? NONE : percent((now.value ?? 0) / whole.now.value)),
  }
  const compared: Column[] =
    view.before === undefined
      ? []
      : [
          {
            name: 'before',
            order: ({ before }) => before?.value ?? null,
            cell: ({ before, dimensions }) => ({
              text: unit.format(before?.value ?? null),
              ...(valueOf(before) !== null && { href: behind(view, { dimensions, at: view.before! }) }),
            }),
          },
          {
            name: 'difference',
            order: ({ now, before }) =>
              valueOf(now) === null || valueOf(before) === null ? null : valueOf(now)! - valueOf(before)!,
            cell: (pair) => changeCell(pair, definition),
          },
        ]
  return [
    ...names,
    {
      name: 'value',
      means: definition.definition,
      order: ({ now }) => now?.value ?? null,
      cell: ({ now, dimensions }) => ({
        text: unit.format(now?.value ?? null),
        picture: <Bar share={Math.abs(now?.value ?? 0) / greatest} />,
        ...(valueOf(now) !== null && { href: behind(view, { dimensions }) }),
      }),
    },
    ...(unsure
      ? [
          {
            name: 'can be',
            means: 'What the value can be, given the telemetry that is known to be missing.',
            order: ({ now }: Cell) =>
              now === undefined || now.low === null || now.high === null ? null : now.high - now.low,
            cell: ({ now }: Cell) => (now === undefined ? '' : bounds(now, unit)),
          },
        ]
      : []),
    {
      name: 'sessions',
      order: ({ now }) => now?.sessions ?? 0,
      cell: ({ now, dimensions }) => ({ text: amount(now?.sessions ?? 0), href: behind(view, { dimensions }) }),
    },
    counted ? share : impact,
    ...compared,
    {
      name: 'telemetry',
      means: 'Records that arrived, of those known to be sent.',
      order: ({ now }) => now?.completeness ?? null,
      cell: ({ now }) => percent(now?.completeness ?? null),
    },
  ]
}

function changeCell(pair: Cell, { better, unit }: Definition): Row[number] {
  const change = changeOf(pair, better)
  return {
    text: `${difference(pair, unit)}${change === undefined ? '' : `, ${change}`}`,
    ...(change !== undefined && { state: change === 'worse' ? 'bad' : 'good' }),
  }
}

export function noteOf({ cells, view, definition }: Breakdown): string {
  if (cells.length === 0) return ''
  const more =
    cells.length > MAX_CELLS
      ? `Only the ${MAX_CELLS} with the largest negative impact are shown; a filter shows others. `
      : ''
  const coded = view.by.includes('error_code') ? 'A session counts once for each code it reported. ' : ''
  const order = isMoment(definition)
    ? 'Most sessions first. '
    : definition.better === 'unknown'
      ? 'Impact is how far each one moves the whole; more is neither better nor worse. '
      : 'The largest negative impact first. '
  return `${more}${coded}${order}A name filters by itself; a number leads to its sessions.`
}

const Bars = ({ children }: { readonly children: ComponentChildren }) => (
  <svg class="spark" viewBox="0 0 64 12" width={64} height={12} aria-hidden="true" focusable="false">
    {children}
  </svg>
)

const Bar = ({ share }: { readonly share: number }) => (
  <Bars>
    <rect class="bar s1" x={0} y={2} width={(share * 64).toFixed(1)} height={8} />
  </Bars>
)

/** To the right if it worsens the whole, to the left if it improves it. */
const WeightBar = ({ share }: { readonly share: number }) => (
  <Bars>
    <rect
      class={share > 0 ? 'bar s2' : 'bar s3'}
      x={Math.min(32, 32 + share * 32).toFixed(1)}
      y={2}
      width={(Math.abs(share) * 32).toFixed(1)}
      height={8}
    />
    <line class="base" x1={32} x2={32} y1={0} y2={12} />
  </Bars>
)
