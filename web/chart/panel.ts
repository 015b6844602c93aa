import { h, s } from '../shell/dom.ts'
import { periodText } from '../shell/format.ts'
import { createBrush } from './brush.ts'
import type { Cursor } from './cursor.ts'
import { draw, HEIGHT, indexAt, type ChartData, type Stretch } from './draw.ts'
import { createReading, settled, spoken } from './reading.ts'
import { createTwin } from './twin.ts'

export interface PanelOptions {
  readonly id: string
  readonly title: string
  /** What the figures mean, with the ids of their definitions. */
  readonly about: (definitions: Readonly<Record<string, string>>) => string
  readonly cursor: Cursor
  readonly speak: (text: string) => void
  /** The sign of a value of the first line. */
  readonly judge?: (value: number | null) => string
  /** The chart can be narrowed: a stretch of time was chosen, ms, the end exclusive. */
  readonly choose?: (from: number, to: number) => void
}

export interface Panel {
  readonly element: HTMLElement
  draw(data: ChartData, definitions: Readonly<Record<string, string>>): void
}

/** A chart with its reading, its cursor and its table, all of one array. */
export function createPanel({ id, title, about, cursor, speak, judge, choose }: PanelOptions): Panel {
  const [heading, reading, twin] = [h('h2', {}, title), createReading(judge), createTwin(title)]
  const picture = s('svg', { role: 'img', tabindex: 0, height: HEIGHT, 'aria-label': `${title}: loading` })
  const element = h(
    'figure',
    { id, class: 'panel' },
    h('figcaption', {}, h('div', { class: 'title' }, heading, reading.time), reading.values),
    picture,
    twin.element,
  )
  const hatch = hatching(`${id}-hatch`)
  let data: ChartData | undefined
  let chosen: () => Stretch | undefined = () => undefined

  const at = (): number => (data === undefined || cursor.at === null ? -1 : data.times.indexOf(cursor.at))
  const paint = (): void => {
    if (data === undefined) return
    const width = Math.max(240, picture.clientWidth)
    picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`)
    picture.replaceChildren(hatch, ...draw(data, width, at(), hatch.id, chosen()))
    reading.show(data, at() < 0 ? settled(data) : at())
  }
  const span = ([from, to]: Stretch): readonly [number, number] => [
    data!.times[from]!,
    data!.times[to]! + data!.times[1]! - data!.times[0]!,
  ]
  if (choose !== undefined)
    chosen = createBrush({
      picture,
      cursor: at,
      paint,
      last: () => (data?.times.length ?? 0) - 1,
      moveTo: (index) => cursor.move(data!.times[index]!),
      indexOf: (place) =>
        data === undefined || data.times.length < 2
          ? undefined
          : indexAt(data, place - picture.getBoundingClientRect().left, picture.clientWidth),
      speak: (stretch) => speak(`${periodText(...span(stretch))} chosen; Enter narrows to it`),
      choose: (stretch) => choose(...span(stretch)),
    })
  steer(picture, cursor, () => data, at, speak)
  cursor.follow(paint)
  new ResizeObserver(paint).observe(picture)
  return {
    element,
    draw(next, definitions) {
      data = next
      heading.title = about(definitions)
      const label = `${title}. ${spoken(next, settled(next))}. Arrow keys read ${choose === undefined ? 'minute by minute' : 'step by step, with Shift they choose a stretch and Enter narrows to it'}; the table below has all figures.`
      if (picture.getAttribute('aria-label') !== label) picture.setAttribute('aria-label', label)
      paint()
      twin.show(next, heading.title)
    },
  }
}

/** Keys move the cursor and have it read; the pointer moves it in silence. */
function steer(
  picture: SVGElement,
  cursor: Cursor,
  data: () => ChartData | undefined,
  at: () => number,
  speak: (text: string) => void,
): void {
  picture.addEventListener('keydown', (event) => {
    const known = data()
    if (event.key === 'Escape') return cursor.move(null)
    if (known === undefined || known.times.length === 0) return
    const last = known.times.length - 1
    const from = at() < 0 ? last + 1 : at()
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(last, to))
    cursor.move(known.times[index]!)
    speak(spoken(known, index))
  })
  picture.addEventListener('pointermove', (event) => {
    const known = data()
    const { left, width } = picture.getBoundingClientRect()
    if (known !== undefined && known.times.length > 0)
      cursor.move(known.times[indexAt(known, event.clientX - left, width)]!)
  })
  picture.addEventListener('pointerleave', () => cursor.move(null))
}

const hatching = (id: string): SVGElement =>
  s(
    'pattern',
    { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    s('line', { x1: 0, x2: 0, y1: 0, y2: 6, class: 'hatch' }),
  )
