import { amount, NONE } from '../shell/format.ts'
import { unitOf } from '../shell/units.ts'
import type { Definition } from '../shell/answers.ts'
import { isCounted, isMoment, type Cell, type Figure, type Pair } from './answer.ts'
import { filtersOf, type View } from './question.ts'

/** +0.12 points (+24 %): the difference in the unit, and relative to the earlier value. */
export function difference({ now, before }: Pair, unit: string): string {
  const [a, b] = [now?.value ?? null, before?.value ?? null]
  if (a === null || b === null) return NONE
  const apart = small(a - b, unit)
  const share =
    b === 0 ? '' : ` (${signed(Number(((a / b - 1) * 100).toPrecision(Math.abs(a / b - 1) < 1 ? 2 : 3)), ' %')})`
  return a === b ? 'the same' : `${a > b ? '+' : ''}${apart}${share}`.replaceAll('-', '−')
}

/** A difference with two significant digits, however small: "0.00 s" would read as none. */
function small(value: number, unit: string): string {
  const [times, word] = SMALL[unit] ?? [1, '']
  const shown = value * times
  return Math.abs(shown) >= 100 ? unitOf(unit).format(value) : `${Number(shown.toPrecision(2))}${word}`
}
const SMALL: Readonly<Record<string, readonly [number, string]>> = {
  ratio: [100, ' points'],
  ms: [1, ' ms'],
  'kbit/s': [1, ' kbit/s'],
  '1/min': [1, ' a minute'],
  points: [1, ' points'],
  VMAF: [1, ' VMAF'],
  permille: [1, ' ‰'],
}

const signed = (value: number, suffix: string): string => `${value > 0 ? '+' : ''}${value}${suffix}`

/** An impact, as a difference of the whole. */
export const impactText = (impact: number | null, unit: string): string =>
  impact === null ? NONE : `${impact > 0 ? '+' : ''}${small(impact, unit)}`.replaceAll('-', '−')

export const placeOf = (dimensions: Readonly<Record<string, string>>): string =>
  Object.values(dimensions)
    .map((value) => value || 'unknown')
    .join(' · ')

export const sessionsWord = (count: number): string => `${amount(count)} ${count === 1 ? 'session' : 'sessions'}`

/** The headline: the answer to the page's question. Pure. */
export function headline(definition: Definition, view: View, { now, before }: Pair, worst: Cell | undefined): string {
  const { format } = unitOf(definition.unit)
  const where = Object.entries(filtersOf(view))
    .map(([name, values]) => `${name} ${values.map((value) => value || 'unknown').join(' or ')}`)
    .join(', ')
  const of = `${definition.title}${where === '' ? '' : ` of ${where}`}`
  if (now === undefined || now.value === null) return `${of}: no data in this period`
  const told = isCounted(now)
    ? `${of}: ${format(now.value)}`
    : `${of}: ${format(now.value)} in ${sessionsWord(now.sessions)}`
  const change =
    view.before === undefined
      ? ''
      : before?.value === null || before === undefined
        ? '; no data to compare with'
        : now.value === before.value
          ? `; the same as before`
          : `; ${difference({ now, before }, definition.unit)} against ${format(before.value)}`
  return `${told}${change}${worstText(worst, now, definition)}`
}

function worstText(worst: Cell | undefined, { value }: Figure, definition: Definition): string {
  // An impact below 5 % of the whole is not mentioned in the headline.
  if (
    worst?.now === undefined ||
    worst.impact === null ||
    definition.better === 'unknown' ||
    worst.impact <= 0 ||
    worst.impact < Math.abs(value ?? 0) / 20
  )
    return ''
  return `; ${placeOf(worst.dimensions)} worsens it most (${unitOf(definition.unit).format(worst.now.value)})`
}

/** Notes about the figure, in sentences. */
export function note({ id, definition, time, source }: Definition): string {
  const counted = isMoment({ time })
    ? 'Who is there counts, whenever they began.'
    : `Sessions are counted in the period they ${time === 'end' ? 'ended' : 'began'} in.`
  return `${id}: ${definition} ${counted} Source: ${source}.`
}
