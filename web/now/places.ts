import { sparkline } from '../chart/draw.ts'
import { createTable, type Row } from '../chart/table.ts'
import type { Address } from '../shell/address.ts'
import { h, setText } from '../shell/dom.ts'
import { amount, bitrate, clockTime, NONE, percent, seconds } from '../shell/format.ts'
import { BEGUN, behindMinute, OPEN, type Behind } from './links.ts'
import {
  BAD,
  isEnough,
  placeName,
  rebufferState,
  sameplace,
  shownMinute,
  worstFirst,
  type Frame,
  type GroupMetrics,
} from './view.ts'

const HEAD = [
  'place',
  'rebuffering',
  'trend',
  'plays',
  'attempts',
  'failed starts',
  'start-up, median',
  'slowest 5 %',
  'bitrate',
  'errors',
]
/** Rows before the reader asks for all. */
const FEW = 12

/** Where it is worst: a row a place, each leading to the page of that place alone. */
export function createPlaces(
  address: Address,
  group: HTMLElement,
): { readonly element: HTMLElement; draw(frame: Frame): void } {
  const table = createTable(HEAD, 'places')
  const none = h('p', { class: 'none' }, h('span', { class: 'skeleton block' }))
  const region = h(
    'div',
    { id: 'cells', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Places, worst first' },
    none,
  )
  const title = h('h2', { id: 'cells-title' }, 'Where')
  const more = h('button', { type: 'button', hidden: true })
  const element = h(
    'section',
    { class: 'panel wide', 'aria-labelledby': 'cells-title' },
    h('div', { class: 'head' }, title, group),
    region,
    more,
  )
  let [all, drawn, order]: [boolean, Frame | undefined, readonly GroupMetrics[]] = [false, undefined, []]

  const draw = (frame: Frame): void => {
    drawn = frame
    const minute = shownMinute(frame)
    const worst = worstFirst(minute)
    // What is being read stays where it is; newcomers come last.
    const reading = region.matches(':hover, :focus-within')
    const rank = (row: GroupMetrics): number => order.findIndex((each) => sameplace(each, row)) + 1 || Infinity
    order = reading ? worst.toSorted((a, b) => rank(a) - rank(b) || 0) : worst
    title.textContent = minute === undefined ? 'Where' : `Where, in the minute from ${clockTime(minute.minute)}`
    more.hidden = order.length <= FEW
    more.textContent = all ? `Show the worst ${FEW}` : `Show all ${order.length} places`
    if (order.length === 0) {
      setText(none, NONE)
      return region.replaceChildren(none)
    }
    if (!region.contains(table.element)) region.replaceChildren(table.element)
    const rows = all ? order : order.slice(0, FEW)
    const trends = rows.map((row) => trendOf(row, frame))
    // One scale for all rows, or a place without trouble would look like one with it.
    const top = Math.max(BAD, ...trends.flat().map((value) => value ?? 0))
    table.fill(
      rows.map((row, i) =>
        rowOf(row, sparkline(trends[i]!, top), address, (behind) =>
          behindMinute(frame.clock, minute!.minute, behind, {
            country: row.country || address.get('country'),
            oca: row.oca || address.get('oca'),
          }),
        ),
      ),
    )
  }
  more.addEventListener('click', () => {
    all = !all
    if (drawn !== undefined) draw(drawn)
  })
  return { element, draw }
}

/** Rebuffering of a place in the minutes that are over. */
const trendOf = (row: GroupMetrics, { minutes }: Frame): (number | null)[] =>
  minutes
    .filter(({ partial }) => !partial)
    .map(({ groups }) => groups.find((each) => sameplace(each, row))?.['rebuffer_ratio:cta2066'] ?? null)

function rowOf(row: GroupMetrics, trend: Element, address: Address, linkOf: (behind: Behind) => string): Row {
  const ratio = row['rebuffer_ratio:cta2066']
  const startup = row['startup:cta2066']
  const number = (text: string, behind: Behind): Row[number] => (text === NONE ? text : { text, href: linkOf(behind) })
  return [
    {
      text: placeName(row),
      href: address.with({
        ...(row.country !== '' && { country: row.country }),
        ...(row.oca !== '' && { oca: row.oca }),
      }),
    },
    isEnough(row)
      ? { text: percent(ratio), state: rebufferState(ratio), href: linkOf(OPEN.rebuffering) }
      : { text: `${percent(ratio)}, few plays`, state: 'few', href: linkOf(OPEN.rebuffering) },
    { text: '', picture: trend },
    number(amount(row['concurrent_plays:active_minute']), OPEN.plays),
    number(amount(row.attempts), BEGUN.attempts),
    number(amount(row.vsf), OPEN.failedStarts),
    number(seconds(startup.p50_ms), BEGUN.startup),
    number(seconds(startup.p95_ms), BEGUN.startup),
    number(bitrate(row['average_bitrate:cta2066']), OPEN.bitrate),
    number(amount(row.errors.technical + row.errors.business), OPEN.errors),
  ]
}
