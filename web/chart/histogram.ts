import { h, s } from '../shell/dom.ts'
import { amount, NONE } from '../shell/format.ts'
import { createTable, type Cell } from './table.ts'
import { apart, topOf } from './scale.ts'

/** How many, by buckets that each begin where the one before ends (four an octave: on paper they are equally wide). */
export interface HistogramData {
  readonly buckets: readonly Bucket[]
  readonly format: (value: number) => string
  /** Values that stand out: mean, median. */
  readonly marks: readonly { readonly name: string; readonly value: number }[]
  /** Is there a second period, drawn as steps? */
  readonly compared: boolean
  /** Where the sessions of the whole are. */
  readonly href: string
}
export interface Bucket {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly before: number
}

const [HEIGHT, LEFT, BOTTOM, TOP, LABEL_PX] = [188, 46, 22, 34, 62]

/** A histogram with its table; arrow keys read bucket by bucket. */
export function createHistogram(
  id: string,
  title: string,
  speak: (text: string) => void,
): { readonly element: HTMLElement; draw(data: HistogramData): void } {
  const picture = s('svg', { role: 'img', tabindex: 0, height: HEIGHT, 'aria-label': `${title}: loading` })
  const region = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${title}, as a table` })
  const element = h(
    'figure',
    { id, class: 'histogram' },
    picture,
    h('details', {}, h('summary', {}, 'Table', h('span', { class: 'voice' }, ` of ${title}`)), region),
  )
  let [data, at]: [HistogramData | undefined, number] = [undefined, -1]
  const paint = (): void => {
    if (data === undefined) return
    const width = Math.max(240, picture.clientWidth)
    picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`)
    picture.replaceChildren(...pictureOf(data, width, at))
  }
  picture.addEventListener('keydown', (event) => {
    const last = (data?.buckets.length ?? 0) - 1
    const to = { ArrowLeft: at < 0 ? last : at - 1, ArrowRight: at + 1, Home: 0, End: last, Escape: -1 }[event.key]
    if (to === undefined || last < 0 || data === undefined) return
    event.preventDefault()
    at = Math.min(last, event.key === 'Escape' ? -1 : Math.max(0, to))
    paint()
    if (at >= 0) speak(`${rangeOf(data.buckets[at]!, data)}: ${amount(data.buckets[at]!.count)} sessions`)
  })
  new ResizeObserver(paint).observe(picture)
  return {
    element,
    draw(next) {
      ;[data, at] = [next, -1]
      picture.setAttribute(
        'aria-label',
        next.buckets.length === 0
          ? `${title}: ${NONE}`
          : `${title}. ${next.marks.map(({ name, value }) => `${name} ${next.format(value)}`).join(', ')}. Arrow keys read bucket by bucket; the table below has all figures.`,
      )
      const table = createTable([
        'from',
        'to',
        'sessions',
        'share',
        ...(next.compared ? ['sessions before', 'share before'] : []),
      ])
      table.fill(rowsOf(next))
      region.replaceChildren(table.element)
      paint()
    },
  }
}

const rangeOf = ({ from, to }: Bucket, { format }: HistogramData): string => `${format(from)} to ${format(to)}`
const share = (part: number, whole: number): string => (whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : NONE)

function rowsOf({ buckets, format, compared, href }: HistogramData): (string | Cell)[][] {
  const [all, before] = [
    buckets.reduce((sum, { count }) => sum + count, 0),
    buckets.reduce((sum, each) => sum + each.before, 0),
  ]
  return buckets.map((each) => [
    format(each.from),
    format(each.to),
    { text: amount(each.count), href },
    share(each.count, all),
    ...(compared ? [amount(each.before), share(each.before, before)] : []),
  ])
}

function pictureOf({ buckets, format, marks, compared }: HistogramData, width: number, at: number): SVGElement[] {
  if (buckets.length === 0) return [s('text', { x: width / 2, y: HEIGHT / 2, 'text-anchor': 'middle' }, NONE)]
  const [all, before] = [
    buckets.reduce((sum, { count }) => sum + count, 0),
    buckets.reduce((sum, each) => sum + each.before, 0),
  ]
  const shares = buckets.map(
    ({ count, before: then }) => [count / Math.max(1, all), then / Math.max(1, before)] as const,
  )
  const [top, base] = [topOf(Math.max(...shares.flat())), HEIGHT - BOTTOM]
  const wide = (width - LEFT - 8) / buckets.length
  const [x, y] = [
    (index: number): number => LEFT + index * wide,
    (value: number): number => base - (value / top) * (base - TOP),
  ]
  const text = (left: number, bottom: number, words: string, more = {}): SVGElement =>
    s('text', { x: left.toFixed(1), y: bottom.toFixed(1), ...more }, words)
  const ticks = [0, top / 2, top].flatMap((tick) => [
    s('line', { class: tick === 0 ? 'base' : 'grid', x1: LEFT, x2: width - 8, y1: y(tick), y2: y(tick) }),
    text(LEFT - 6, y(tick) + 4, `${Number((tick * 100).toFixed(1))} %`, { 'text-anchor': 'end' }),
  ])
  const bars = shares.map(([now], i) =>
    s(
      'rect',
      {
        class: `bar s1${i === at ? ' at' : ''}`,
        x: (x(i) + 0.5).toFixed(1),
        y: y(now).toFixed(1),
        width: Math.max(0.5, wide - 1).toFixed(1),
        height: (base - y(now)).toFixed(1),
      },
      s('title', {}, `${format(buckets[i]!.from)} to ${format(buckets[i]!.to)}: ${amount(buckets[i]!.count)}`),
    ),
  )
  const steps = compared
    ? [
        s('path', {
          class: 'line s2',
          d: shares
            .map(
              ([, then], i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(then).toFixed(1)}H${x(i + 1).toFixed(1)}`,
            )
            .join(''),
        }),
      ]
    : []
  const every = Math.max(1, Math.ceil(LABEL_PX / wide))
  const labels = buckets.flatMap(({ from }, i) =>
    i % every === 0 && x(i) < width - LABEL_PX / 2
      ? [text(x(i), HEIGHT - 6, format(from), { 'text-anchor': i === 0 ? 'start' : 'middle' })]
      : [],
  )
  return [...ticks, ...bars, ...steps, ...labels, ...marksOf(marks, buckets, x, base, width)]
}

/** Each value at its place within its bucket, named above the bars. */
function marksOf(
  marks: HistogramData['marks'],
  buckets: readonly Bucket[],
  x: (index: number) => number,
  base: number,
  width: number,
): SVGElement[] {
  const placed = marks.flatMap(({ name, value }) => {
    const index = buckets.findIndex(({ from, to }) => value >= from && value < to)
    return index < 0
      ? []
      : [{ name, place: x(index + (value - buckets[index]!.from) / (buckets[index]!.to - buckets[index]!.from)) }]
  })
  const names = apart(
    placed.map(({ place }) => place),
    LABEL_PX,
    width - LABEL_PX / 2,
  )
  return placed.flatMap(({ name, place }, i) => [
    s('path', { class: 'mark', d: `M${names[i]!.toFixed(1)} 16L${place.toFixed(1)} ${TOP - 8}V${base}` }),
    s('text', { x: names[i]!.toFixed(1), y: 12, 'text-anchor': 'middle' }, name),
  ])
}
