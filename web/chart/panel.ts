import { h, s, setText } from '../shell/dom.ts'
import { clockTime, NONE } from '../shell/format.ts'
import type { Cursor } from './cursor.ts'
import { draw, HEIGHT, indexAt, isEmpty, type ChartData } from './draw.ts'
import { createTable } from './table.ts'

export interface PanelOptions {
  readonly id: string
  readonly title: string
  /** What the figure means, with the id of its definition. */
  readonly about: (definitions: Readonly<Record<string, string>>) => string
  readonly cursor: Cursor
  readonly speak: (text: string) => void
  /** A word for a value of the first line, with its sign. */
  readonly judge?: (value: number | null) => string
}

export interface Panel {
  readonly element: HTMLElement
  draw(data: ChartData, definitions: Readonly<Record<string, string>>): void
}

/** A chart with its reading, its cursor and its table, all of one array. */
export function createPanel({ id, title, about, cursor, speak, judge }: PanelOptions): Panel {
  const heading = h('h2', {}, title)
  const reading = h('p', { class: 'reading' }, h('span', { class: 'skeleton block' }))
  const time = h('time')
  const picture = s('svg', { role: 'img', tabindex: 0, height: HEIGHT, 'aria-label': `${title}: loading` }) as SVGSVGElement
  const region = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${title}, as a table` })
  const meaning = h('p', { class: 'note meaning' })
  const details = h('details', {}, h('summary', {}, 'Table', h('span', { class: 'voice' }, ` of ${title}`)), meaning, region)
  const element = h('figure', { id, class: 'panel' }, h('figcaption', {}, h('div', { class: 'title' }, heading, time), reading), picture, details)
  const pattern = s('defs', {}, s('pattern', { id: `${id}-hatch`, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, s('line', { x1: 0, x2: 0, y1: 0, y2: 6, class: 'hatch' })))
  let data: ChartData | undefined
  let table: { columns: string; fill(): void } | undefined

  const at = (): number => (data === undefined || cursor.at === null ? -1 : data.times.indexOf(cursor.at))
  const paint = (): void => {
    if (data === undefined) return
    const width = Math.max(240, picture.clientWidth)
    picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`)
    picture.replaceChildren(pattern, ...draw(data, width, at(), `${id}-hatch`))
    read()
  }
  const read = (): void => {
    const index = at() < 0 ? settled(data!) : at()
    if (isEmpty(data!)) return reading.replaceChildren(NONE)
    const values = data!.series.map(({ name, values }, i) => h('span', { class: 'value' }, ...(data!.series.length > 1 ? [h('i', { class: `key s${i + 1}` }), `${name} `] : []), valueOf(data!.format(values[index] ?? null))))
    const state = judge?.(data!.series[0]!.values[index] ?? null)
    setText(time, data!.times.length === 0 ? '' : clockTime(data!.times[index]!))
    reading.replaceChildren(...values, ...(state === undefined || state === 'unknown' ? [] : [h('span', { class: 'status', 'data-state': state }, WORDS[state] ?? state)]))
  }
  const move = (index: number): void => {
    if (data === undefined || data.times.length === 0) return
    const to = Math.max(0, Math.min(data.times.length - 1, index))
    cursor.move(data.times[to]!)
    speak(spoken(data, to))
  }
  picture.addEventListener('keydown', (event) => {
    const last = (data?.times.length ?? 0) - 1
    const from = at() < 0 ? last + 1 : at()
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key]
    if (event.key === 'Escape') return cursor.move(null)
    if (to === undefined) return
    event.preventDefault()
    move(to)
  })
  picture.addEventListener('pointermove', (event) => {
    const { left, width } = picture.getBoundingClientRect()
    if (data !== undefined && data.times.length > 0) cursor.move(data.times[indexAt(data, event.clientX - left, width)]!)
  })
  picture.addEventListener('pointerleave', () => cursor.move(null))
  cursor.follow(paint)
  new ResizeObserver(paint).observe(picture)

  const fillTable = (): void => {
    if (data === undefined || !details.open) return
    const columns = ['minute', ...data.series.map(({ name }) => name)]
    if (table?.columns !== columns.join()) {
      const fresh = createTable(columns)
      region.replaceChildren(fresh.element)
      table = { columns: columns.join(), fill: () => fresh.fill(rowsOf(data!)) }
    }
    table.fill()
  }
  details.addEventListener('toggle', fillTable)
  return {
    element,
    draw(next, definitions) {
      data = next
      heading.title = about(definitions)
      setText(meaning, heading.title)
      const label = `${title}. ${next.times.length === 0 ? NONE : spoken(next, settled(next))}. Arrow keys read minute by minute; the table below has all figures.`
      if (picture.getAttribute('aria-label') !== label) picture.setAttribute('aria-label', label)
      paint()
      fillTable()
    },
  }
}

/** The minute that is over last: its figures do not move any more. */
const settled = ({ times, partial }: ChartData): number => times.length - (partial && times.length > 1 ? 2 : 1)

const spoken = ({ times, series, format }: ChartData, index: number): string =>
  `${clockTime(times[index] ?? 0)}: ${series.map(({ name, values }) => `${name} ${format(values[index] ?? null)}`).join(', ')}`

const rowsOf = ({ times, series, format, partial }: ChartData): string[][] =>
  times.map((time, i) => [`${clockTime(time)}${partial && i === times.length - 1 ? ', not over' : ''}`, ...series.map(({ values }) => format(values[i] ?? null))])

const valueOf = (text: string): HTMLElement => h(text === NONE ? 'span' : 'b', {}, text)

const WORDS: Readonly<Record<string, string>> = { good: 'good', warn: 'noticeable', bad: 'bad' }
