import { useRef, useState } from 'preact/hooks'
import type { Row } from '../chart/row.ts'
import { Sparkline } from '../chart/sparkline.tsx'
import { Region, Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { AddressChoice } from '../shell/choice.tsx'
import { amount, bitrate, clockTime, NONE, percent, seconds } from '../shell/format.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { BEGUN, behindMinute, OPEN, type Behind } from './links.ts'
import { BAD, isEnough, placeName, rebufferState, sameplace, shownMinute, worstFirst } from './view.ts'
import type { Frame, GroupMetrics } from './view.ts'

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
const GROUPS = [
  ['country_oca', 'country and OCA'],
  ['country', 'country'],
  ['oca', 'OCA'],
] as const
/** Rows shown until the user expands the table. */
const FEW = 12

export interface PlacesProps {
  readonly address: Address
  readonly frame: Frame | undefined
}

/** The worst places: one row per place, each a link to the page filtered by that place. */
export function Places({ address, frame }: PlacesProps) {
  const [all, setAll] = useState(false)
  const region = useRef<HTMLDivElement>(null)
  const order = useOrder(frame, region)
  const minute = frame === undefined ? undefined : shownMinute(frame)
  return (
    <Section
      name="cells"
      wide
      title={minute === undefined ? 'Where' : `Where, in the minute from ${clockTime(minute.minute)}`}
      choice={<AddressChoice address={address} choice={{ name: 'group', label: 'By', options: GROUPS }} />}
    >
      <div ref={region}>
        <Region id="cells" label="Places, worst first">
          {frame === undefined ? (
            <Skeleton />
          ) : order.length === 0 || minute === undefined ? (
            <None />
          ) : (
            <Table
              class="places"
              head={HEAD}
              rows={rowsOf(frame, minute.minute, all ? order : order.slice(0, FEW), address)}
            />
          )}
        </Region>
      </div>
      {order.length > FEW && (
        <button type="button" onClick={() => setAll(!all)}>
          {all ? `Show the worst ${FEW}` : `Show all ${order.length} places`}
        </button>
      )}
    </Section>
  )
}

/** Worst first; while the user reads the table, rows keep their positions and new ones are appended. */
function useOrder(frame: Frame | undefined, region: { readonly current: Element | null }): readonly GroupMetrics[] {
  const order = useRef<readonly GroupMetrics[]>([])
  const drawn = useRef<Frame | undefined>(undefined)
  if (frame === undefined || frame === drawn.current) return order.current
  drawn.current = frame
  const worst = worstFirst(shownMinute(frame))
  const rank = (row: GroupMetrics): number => order.current.findIndex((each) => sameplace(each, row)) + 1 || Infinity
  const isRead = region.current?.matches(':hover, :focus-within') ?? false
  order.current = isRead ? worst.toSorted((a, b) => rank(a) - rank(b) || 0) : worst
  return order.current
}

function rowsOf(frame: Frame, minute: number, places: readonly GroupMetrics[], address: Address): Row[] {
  const trends = places.map((row) => trendOf(row, frame))
  // One scale for all rows, otherwise small and large values would look the same.
  const top = Math.max(BAD, ...trends.flat().map((value) => value ?? 0))
  const [country, oca] = [address.get('country'), address.get('oca')]
  return places.map((row, i) =>
    rowOf(row, <Sparkline values={trends[i]!} top={top} />, address, (behind) =>
      behindMinute(frame.clock, minute, behind, { country: row.country || country, oca: row.oca || oca }),
    ),
  )
}

/** Rebuffering of a place in the complete minutes. */
const trendOf = (row: GroupMetrics, { minutes }: Frame): (number | null)[] =>
  minutes
    .filter(({ partial }) => !partial)
    .map(({ groups }) => groups.find((each) => sameplace(each, row))?.['rebuffer_ratio:cta2066'] ?? null)

function rowOf(row: GroupMetrics, trend: object, address: Address, linkOf: (behind: Behind) => string): Row {
  const ratio = row['rebuffer_ratio:cta2066']
  const startup = row['startup:cta2066']
  const number = (text: string, behind: Behind): Row[number] => (text === NONE ? text : { text, href: linkOf(behind) })
  const place = { ...(row.country !== '' && { country: row.country }), ...(row.oca !== '' && { oca: row.oca }) }
  return [
    { text: placeName(row), href: address.with(place) },
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
