import { createCursor } from '../chart/cursor.ts'
import { h, s, setText } from '../shell/dom.ts'
import { fullTime, sinceText, utc } from '../shell/format.ts'
import { drawLanes, missing, timeAt, type Span } from './lanes.ts'
import { readingAt, stateName, UNKNOWN, type Timeline } from './timeline.ts'

export interface Picture {
  readonly element: HTMLElement
  draw(timeline: Timeline): void
  /** To a time, as from a row of the table. */
  goTo(at: number): void
}

/** A picture shows no less than this, ms. */
const MIN_MS = 2_000

/** The lanes of a session with one cursor: by pointer, or event by event with the keys. */
export function createPicture(speak: (text: string) => void): Picture {
  const cursor = createCursor()
  const picture = s('svg', {
    role: 'img',
    tabindex: 0,
    'aria-label': 'Timeline: loading',
    'aria-describedby': 'lane-keys',
  })
  const [when, standing, happened] = [h('time'), h('span'), h('b')]
  const buttons = [
    ['Zoom in', '+', () => zoom(0.5)],
    ['Zoom out', '-', () => zoom(2)],
    ['Whole session', '0', () => zoom(Infinity)],
    ['Next trouble', 'n', () => trouble(1)],
  ] as const
  const tools = h(
    'div',
    { class: 'tools' },
    ...buttons.map(([text, key, run]) => {
      const button = h('button', { type: 'button', 'aria-keyshortcuts': key }, text)
      button.addEventListener('click', run)
      return button
    }),
  )
  const legend = h('p', { class: 'legend' })
  const none = h('p', { class: 'note' })
  const keys = h(
    'p',
    { id: 'lane-keys', class: 'note' },
    'Arrow keys go event by event, with Shift from trouble to trouble; + and − zoom, 0 shows all.',
  )
  const element = h(
    'figure',
    { id: 'timeline', class: 'panel' },
    h('figcaption', { class: 'head' }, h('h2', {}, 'What happened'), tools),
    legend,
    h('p', { class: 'reading lanes', 'aria-hidden': 'true' }, when, ' ', standing, ' ', happened),
    picture,
    keys,
    none,
  )
  let [timeline, span, times]: [Timeline | undefined, Span, readonly number[]] = [undefined, { from: 0, to: 0 }, []]

  const paint = (): void => {
    if (timeline === undefined) return
    const width = Math.max(240, picture.clientWidth)
    const { height, elements } = drawLanes(timeline, span, width, cursor.at)
    picture.setAttribute('viewBox', `0 0 ${width} ${height}`)
    picture.setAttribute('height', String(height))
    picture.replaceChildren(HATCH(), ...elements)
    const at = cursor.at ?? timeline.from
    const read = readingAt(timeline, at)
    setText(when, `${sinceText(at - timeline.from)} · ${fullTime(at)}`)
    when.title = utc(at)
    setText(standing, read.standing)
    setText(happened, read.happened)
  }
  const goTo = (at: number): void => {
    if (timeline === undefined) return
    const length = span.to - span.from
    if (at < span.from || at > span.to) span = within(timeline, at - length / 2, at + length / 2)
    cursor.move(at)
    paint()
    const { standing: stood, happened: what } = readingAt(timeline, at)
    speak(`${sinceText(at - timeline.from)}: ${[what, stood].filter((part) => part !== '').join('. ')}`)
  }
  const zoom = (by: number): void => {
    if (timeline === undefined) return
    const [middle, length] = [cursor.at ?? (span.from + span.to) / 2, Math.max(MIN_MS, (span.to - span.from) * by)]
    span = within(timeline, middle - length / 2, middle + length / 2)
    paint()
  }
  const step = (by: 1 | -1, among: readonly number[]): void => {
    const from = cursor.at ?? (by > 0 ? -Infinity : Infinity)
    const to = by > 0 ? among.find((at) => at > from) : among.findLast((at) => at < from)
    if (to !== undefined) goTo(to)
  }
  const trouble = (by: 1 | -1): void => {
    if (timeline === undefined) return
    if (timeline.troubles.length === 0) return speak('No trouble in this session')
    // After the last one the first comes again.
    if (by > 0 && (cursor.at ?? -Infinity) >= timeline.troubles.at(-1)!) goTo(timeline.troubles[0]!)
    else step(by, timeline.troubles)
  }
  picture.addEventListener('keydown', (event) => {
    const run = keyOf(event, {
      step: (by) => step(by, times),
      trouble,
      zoom,
      end: (at) => goTo(at === 'first' ? times[0]! : times.at(-1)!),
      clear: () => cursor.move(null),
    })
    if (run === undefined || times.length === 0) return
    event.preventDefault()
    run()
  })
  picture.addEventListener('pointermove', (event) => {
    const { left, width } = picture.getBoundingClientRect()
    cursor.move(nearest(times, timeAt(event.clientX - left, span, width)))
  })
  cursor.follow(paint)
  new ResizeObserver(paint).observe(picture)
  return {
    element,
    goTo,
    draw(next) {
      timeline = next
      span = within(next, next.from, next.to)
      times = [...new Set(next.marks.map(({ at }) => at))]
      const absent = missing(next)
      setText(none, absent.length === 0 ? '' : `No data: ${absent.join(', ')}.`)
      legend.replaceChildren(
        ...[...new Set(next.states.map(({ kind }) => kind))].flatMap((kind) => [
          h('span', { class: `chip state ${kind}`, 'aria-hidden': 'true' }),
          `${kind === UNKNOWN ? 'telemetry lost' : stateName(kind)} `,
        ]),
      )
      picture.setAttribute(
        'aria-label',
        `Timeline of ${sinceText(next.to - next.from)}: ${next.marks.length} events, ${next.stalls.length} stalls. The table below has all of them.`,
      )
      paint()
    },
  }
}

interface Moves {
  readonly step: (by: 1 | -1) => void
  readonly trouble: (by: 1 | -1) => void
  readonly zoom: (by: number) => void
  readonly end: (which: 'first' | 'last') => void
  readonly clear: () => void
}

function keyOf({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent, moves: Moves): (() => void) | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  switch (key) {
    case 'ArrowLeft':
      return () => (shiftKey ? moves.trouble(-1) : moves.step(-1))
    case 'ArrowRight':
      return () => (shiftKey ? moves.trouble(1) : moves.step(1))
    case 'n':
      return () => moves.trouble(1)
    case 'Home':
      return () => moves.end('first')
    case 'End':
      return () => moves.end('last')
    case '+':
    case '=':
      return () => moves.zoom(0.5)
    case '-':
      return () => moves.zoom(2)
    case '0':
      return () => moves.zoom(Infinity)
    case 'Escape':
      return moves.clear
    default:
      return undefined
  }
}

/** A part of the session of the same length, moved inside it. */
function within({ from, to }: Span, start: number, end: number): Span {
  const whole = Math.max(1, to - from)
  const length = Math.min(end - start, whole)
  if (!(length < whole)) return { from, to: from + whole }
  const first = Math.max(from, Math.min(start, to - length))
  return { from: first, to: first + length }
}

function nearest(times: readonly number[], at: number): number | null {
  let best: number | null = null
  for (const time of times) if (best === null || Math.abs(time - at) < Math.abs(best - at)) best = time
  return best
}

const HATCH = (): SVGElement =>
  s(
    'pattern',
    { id: 'lost-hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    s('line', { x1: 0, x2: 0, y1: 0, y2: 6, class: 'hatch' }),
  )
