import type { Cell, Row } from '../chart/row.ts'
import { changeText } from '../chart/effect.ts'
import type { Overview, OverviewRow, Verdict } from '../shell/answers.ts'
import { amount } from '../shell/format.ts'

/** Verdicts that somebody has to act upon, most urgent first. */
const TO_ACT: readonly Verdict[] = ['untrusted', 'roll back', 'ship', 'no difference', 'inconclusive']
const isWaiting = ({ state, verdict }: OverviewRow): boolean =>
  (state === 'running' || state === 'paused') && verdict !== null && TO_ACT.includes(verdict)

/** The headline: what to do. Pure. */
export function headline({ experiments, total }: Overview, search: string): string {
  if (total === 0)
    return search === '' ? 'No experiment yet: create the first one' : `No experiment is called “${search}”`
  const waiting = experiments
    .filter(isWaiting)
    .toSorted((a, b) => TO_ACT.indexOf(a.verdict!) - TO_ACT.indexOf(b.verdict!))
  const [first] = waiting
  if (first !== undefined)
    return waiting.length === 1
      ? `One experiment waits for you, ${first.name}: ${first.headline}`
      : `${waiting.length} experiments wait for you, first ${first.name}: ${first.headline}`
  const running = experiments.filter(({ state }) => state === 'running').length
  if (running === 0) return 'No experiment is running'
  return running === 1
    ? 'Nothing to decide: one experiment keeps running'
    : `Nothing to decide: ${running} experiments keep running`
}

export const STATES: Readonly<Record<OverviewRow['state'], string>> = {
  draft: '',
  running: 'good',
  paused: 'warn',
  stopped: 'unknown',
  archived: 'unknown',
}
/** Colour beside the words; a verdict without one is neutral. */
export const VERDICT_STATE: Readonly<Partial<Record<Verdict, 'good' | 'warn' | 'bad'>>> = {
  ship: 'good',
  'roll back': 'bad',
  untrusted: 'bad',
}

export const experimentLink = (id: string): string => `/experiment?${new URLSearchParams({ id })}`

export const HEAD = ['experiment', 'state', 'verdict', 'primary metric', 'change', 'days', 'units', 'health', 'owner']

/** A row of the list; `picture` draws the interval of its primary metric. */
export function experimentRow(each: OverviewRow, picture: (row: OverviewRow) => object | undefined): Row {
  const { relative } = each.primary ?? { relative: null }
  const drawn = picture(each)
  return [
    { text: each.name, href: experimentLink(each.id), title: [each.id, ...each.tags].join(' · ') },
    stateCell(each),
    verdictCell(each),
    each.primary?.name ?? '',
    {
      text: relative === null ? 'not yet' : changeText(relative.effect, relative.interval),
      ...(drawn && { picture: drawn }),
    },
    each.days === null ? '' : each.days < 10 ? each.days.toFixed(1) : String(Math.round(each.days)),
    amount(each.units),
    each.healthy === null ? '' : each.healthy ? { text: 'sound', state: 'good' } : { text: 'broken', state: 'bad' },
    each.owner,
  ]
}

function stateCell({ state, killed }: OverviewRow): Cell {
  if (killed) return { text: 'killed', state: 'bad' }
  return { text: state, ...(STATES[state] !== '' && { state: STATES[state] }) }
}

function verdictCell({ verdict, headline: title }: OverviewRow): Cell {
  if (verdict === null) return { text: 'not known yet', state: 'few' }
  const state = VERDICT_STATE[verdict]
  return { text: verdict, title, ...(state !== undefined && { state }) }
}
