import { clockTime, NONE } from './format.ts'

/** One line; null is a minute without data, drawn as a gap. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
}

export interface ChartData {
  readonly title: string
  /** Starts of the minutes, ms. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number | null) => string
  /** The last minute is not over. */
  readonly partial: boolean
}

export interface Chart {
  readonly element: HTMLElement
  draw(data: ChartData): void
  /** Moves the cursor without speaking; -1 takes it away. */
  point(index: number): void
}

/** In CSS pixels; the width follows the figure's. */
const BOX = { width: 640, height: 180, left: 8, right: 76, top: 18, bottom: 22 }
const SVG = 'http://www.w3.org/2000/svg'

/** A line chart with a cursor for mouse and arrow keys, and its table beside it, fed from the same array. */
export function createChart(onCursor: (index: number, spoken: string) => void): Chart {
  const figure = document.createElement('figure')
  const caption = figure.appendChild(document.createElement('figcaption'))
  const picture = document.createElementNS(SVG, 'svg')
  picture.setAttribute('role', 'img')
  picture.setAttribute('tabindex', '0')
  figure.append(picture)
  const details = figure.appendChild(document.createElement('details'))
  details.append(Object.assign(document.createElement('summary'), { textContent: 'Show as table' }))
  const table = details.appendChild(document.createElement('div'))
  table.className = 'scroll'
  table.tabIndex = 0
  table.setAttribute('role', 'region')
  let data: ChartData | undefined
  let cursor = -1

  const speak = (index: number): string => data === undefined ? '' : `${clockTime(data.times[index] ?? 0)}: ${data.series.map(({ name, values }) => `${name} ${data?.format(values[index] ?? null)}`).join(', ')}`
  const move = (index: number): void => {
    if (data === undefined || data.times.length === 0) return
    cursor = Math.max(0, Math.min(data.times.length - 1, index))
    onCursor(cursor, speak(cursor))
  }
  picture.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (step === 0 || data === undefined) return
    event.preventDefault()
    move(cursor < 0 ? data.times.length - 1 : cursor + step)
  })
  picture.addEventListener('pointermove', (event) => {
    if (data === undefined) return
    const { left, width } = picture.getBoundingClientRect()
    const x = ((event.clientX - left) / width) * BOX.width
    onCursor(Math.max(0, Math.min(data.times.length - 1, Math.round(((x - BOX.left) / innerWidth()) * (data.times.length - 1)))), '')
  })
  picture.addEventListener('pointerleave', () => onCursor(-1, ''))

  const paint = (): void => {
    if (data === undefined) return
    BOX.width = picture.clientWidth || BOX.width
    picture.setAttribute('viewBox', `0 0 ${BOX.width} ${BOX.height}`)
    picture.replaceChildren(...(isEmpty(data) ? [label(BOX.left + 8, BOX.height / 2, NONE)] : drawing(data, cursor)))
    picture.setAttribute('aria-label', `${data.title}. ${latest(data)}. Arrow keys read minute by minute; the table below has all figures.`)
  }
  new ResizeObserver(paint).observe(picture)
  return {
    element: figure,
    draw(next) {
      data = next
      cursor = Math.min(cursor, next.times.length - 1)
      caption.replaceChildren(...captionOf(next))
      table.setAttribute('aria-label', `${next.title}, as a table`)
      table.replaceChildren(tableOf(next))
      paint()
    },
    point(index) {
      if (index === cursor) return
      cursor = index
      paint()
    },
  }
}

const isEmpty = ({ series }: ChartData): boolean => series.every(({ values }) => values.every((value) => value === null))

const innerWidth = (): number => BOX.width - BOX.left - BOX.right

/** The last minute that is over, in words. */
/** The finding in words; where there are two lines, each name stands beside its stroke. */
function captionOf(data: ChartData): Node[] {
  if (data.series.length < 2 || data.times.length === 0) return [document.createTextNode(`${data.title}: ${latest(data)}`)]
  const parts = data.series.flatMap(({ name, values }, index) => [
    Object.assign(document.createElement('span'), { className: index === 0 ? 'key' : 'key second' }),
    document.createTextNode(`${name} ${data.format(settled(values, data.partial))} `),
  ])
  return [document.createTextNode(`${data.title}: `), ...parts]
}

function latest(data: ChartData): string {
  const { series, times, format } = data
  return times.length === 0 ? NONE : series.map(({ name, values }) => `${name} ${format(settled(values, data.partial))}`).join(', ')
}

/** The value of the last minute that is over. */
const settled = (values: readonly (number | null)[], partial: boolean): number | null => values.at(partial && values.length > 1 ? -2 : -1) ?? null

function drawing(data: ChartData, cursor: number): SVGElement[] {
  const most = Math.max(0, ...data.series.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const top = most === 0 ? 1 : most * 1.1
  const x = (index: number): number => BOX.left + (data.times.length < 2 ? 0 : (index / (data.times.length - 1)) * innerWidth())
  const y = (value: number): number => BOX.height - BOX.bottom - (value / top) * (BOX.height - BOX.top - BOX.bottom)
  const shapes: SVGElement[] = [
    shape('line', { class: 'grid', x1: BOX.left, x2: BOX.width - BOX.right, y1: y(0), y2: y(0) }),
    shape('line', { class: 'grid', x1: BOX.left, x2: BOX.width - BOX.right, y1: y(top / 1.1), y2: y(top / 1.1) }),
    label(BOX.width - BOX.right + 6, y(0) + 4, data.format(0)), label(BOX.width - BOX.right + 6, y(top / 1.1) + 4, most === 0 ? '' : data.format(most)),
    label(BOX.left, BOX.height - 6, clockTime(data.times[0] ?? 0)),
    label(BOX.width - BOX.right - 34, BOX.height - 6, clockTime(data.times.at(-1) ?? 0)),
  ]
  data.series.forEach(({ values }, index) => shapes.push(...lines(values, x, y, data.partial, index === 0 ? '' : ' second')))
  if (cursor >= 0) shapes.push(shape('line', { class: 'cursor', x1: x(cursor), x2: x(cursor), y1: BOX.top, y2: BOX.height - BOX.bottom }), ...cursorLabels(data, cursor, x, y))
  return shapes
}

function lines(values: readonly (number | null)[], x: (i: number) => number, y: (v: number) => number, partial: boolean, kind: string): SVGElement[] {
  const segment = (from: number, to: number, faded: string): SVGElement[] => {
    let path = ''
    for (let i = from; i <= to; i++) {
      const value = values[i]
      if (value === null || value === undefined) continue
      const before = values[i - 1]
      path += `${i === from || before === null || before === undefined ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
    }
    return path === '' ? [] : [shape('path', { class: `line${kind}${faded}`, d: path })]
  }
  const last = values.length - 1
  return partial && last > 0 ? [...segment(0, last - 1, ''), ...segment(last - 1, last, ' partial')] : segment(0, last, '')
}

function cursorLabels(data: ChartData, cursor: number, x: (i: number) => number, y: (v: number) => number): SVGElement[] {
  const dots = data.series.flatMap(({ values }, index) => {
    const value = values[cursor] ?? null
    return value === null ? [] : [shape('circle', { class: index === 0 ? 'dot' : 'dot second', cx: x(cursor), cy: y(value), r: 3 })]
  })
  const text = `${clockTime(data.times[cursor] ?? 0)}  ${data.series.map(({ name, values }) => `${name} ${data.format(values[cursor] ?? null)}`).join('  ')}`
  return [...dots, label(Math.max(BOX.left, Math.min(x(cursor), BOX.width - 7 * text.length)), BOX.top - 5, text)]
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}

function label(x: number, y: number, text: string): SVGElement {
  const element = shape('text', { x, y })
  element.textContent = text
  return element
}

function tableOf({ times, series, format }: ChartData): HTMLElement {
  const rows = times.map((time, index) => [clockTime(time), ...series.map(({ values }) => format(values[index] ?? null))])
  return dataTable(['minute', ...series.map(({ name }) => name)], rows)
}

/** A plain table; cells are texts. */
export function dataTable(head: readonly string[], rows: readonly (readonly string[])[], className = ''): HTMLTableElement {
  const table = document.createElement('table')
  table.className = className
  const headRow = table.createTHead().insertRow()
  for (const text of head) headRow.append(Object.assign(document.createElement('th'), { textContent: text, scope: 'col' }))
  const body = table.createTBody()
  for (const cells of rows) {
    const row = body.insertRow()
    for (const text of cells) row.insertCell().textContent = text
  }
  return table
}
