/** A visit: a page is shown, searched or skipped, and a film is chosen. */
import type { Random } from '../../platform/random.ts'
import type { ViewerActionInput } from '../../schemas/generated/inputs.ts'
import type { Draw } from './choice.ts'
import { actionEvent, type ActionDetails, type Visitor } from './events.ts'
import type { Scene } from './scene.ts'
import { genreOf } from './taste.ts'

/** A film left before its end. */
export interface Unfinished {
  readonly film: number
  readonly positionMs: number
}

export interface Visit {
  readonly who: Visitor
  readonly film: number
  /** Where playing begins, ms; undefined = at the start. */
  readonly fromMs: number | undefined
  /** When the film is clicked and played. */
  readonly playAt: number
  /** Place of the choice on the page: what click and play tell beside the title. */
  readonly place: ActionDetails
}

/** A visit, and what its page showed; the latter is told at once and not kept. */
export interface PlannedVisit {
  readonly visit: Visit
  readonly shown: readonly ViewerActionInput[]
}

interface Slot extends Draw {
  readonly row: string
  readonly rowIndex: number
  readonly position: number
}

const MODEL = 'popularity-taste-1'
const RULES = 'default-1'
const SLOTS = 4
/** Share of visits that take up an unfinished film, and that search. */
const CONTINUES = 0.45
const SEARCHES = 0.08
/** How likely a place is looked at: rows below and titles to the right less (position-based model). */
const EXAMINED_ROW = [1, 0.7, 0.5]
const EXAMINED_POSITION = [1, 0.85, 0.72, 0.61]

export function planVisit(
  scene: Scene,
  who: Visitor,
  at: number,
  unfinished: Unfinished | undefined,
  random: Random,
): PlannedVisit {
  const kind = random.next()
  const playAt = at + Math.round(2_000 + 15_000 * -Math.log(1 - random.next()))
  if (unfinished !== undefined && kind < CONTINUES) return resume(who, at, playAt, unfinished, scene)
  if (kind > 1 - SEARCHES) return search(scene, who, at, playAt, random)
  return browse(scene, who, at, playAt, random)
}

function resume(
  who: Visitor,
  at: number,
  playAt: number,
  { film, positionMs }: Unfinished,
  scene: Scene,
): PlannedVisit {
  const place = {
    page_id: who.newId(at),
    page: 'home',
    row: 'continue',
    row_index: 0,
    position: 0,
    propensity: 1,
    model_version: 'continue-1',
    rule_version: RULES,
  }
  const shown = [actionEvent(who, at, 'impression', { title_id: scene.films[film]!.id, ...place })]
  return { visit: { who, film, fromMs: positionMs, playAt, place }, shown }
}

/** Who searches knows what: the film is drawn by popularity and found at the top of the answer. */
function search(scene: Scene, who: Visitor, at: number, playAt: number, random: Random): PlannedVisit {
  const { film } = scene.chooser.popular(who.household.countryIndex, random)
  const found = scene.films[film]!
  const pageId = who.newId(at)
  const query = found.name
    .slice(0, 3 + random.below(8))
    .trimEnd()
    .toLowerCase()
  const others = Array.from({ length: 3 }, () => scene.chooser.popular(who.household.countryIndex, random).film)
  const results = [...new Set([film, ...others])].map((index) => scene.films[index]!.id)
  const shown = [
    actionEvent(who, at, 'search', { page_id: pageId, page: 'search', query, results, model_version: 'search-1' }),
  ]
  const place = {
    page_id: pageId,
    page: 'search',
    row: 'results',
    row_index: 0,
    position: 0,
    model_version: 'search-1',
  }
  return { visit: { who, film, fromMs: undefined, playAt, place }, shown }
}

function browse(scene: Scene, who: Visitor, at: number, playAt: number, random: Random): PlannedVisit {
  const slots = compose(scene, who, at, random)
  const chosen = choose(scene, who, at, slots, random)
  const pageId = who.newId(at)
  const told = random.next() * 1000 < scene.detail(at).pagePermille
  const shown = told
    ? slots.map((slot) =>
        actionEvent(who, at, 'impression', { title_id: scene.films[slot.film]!.id, ...placeOf(slot, pageId) }),
      )
    : []
  return { visit: { who, film: chosen.film, fromMs: undefined, playAt, place: placeOf(chosen, pageId) }, shown }
}

const placeOf = ({ row, rowIndex, position, propensity }: Slot, pageId: string): ActionDetails => ({
  page_id: pageId,
  page: 'home',
  row,
  row_index: rowIndex,
  position,
  propensity,
  model_version: MODEL,
  rule_version: RULES,
})

/** Rows of a home page; each place is an independent draw, whose probability is its propensity. */
function compose(scene: Scene, { household, profile }: Visitor, at: number, random: Random): Slot[] {
  const { chooser } = scene
  const country = household.countryIndex
  const rows: [string, () => Draw | undefined][] = [
    ['for-you', () => chooser.personal(country, profile.taste, random)],
    ['popular', () => chooser.popular(country, random)],
    ['new', () => chooser.launched(country, at, random)],
  ]
  return rows.flatMap(([row, draw], rowIndex) =>
    Array.from({ length: SLOTS }, (_, position) => ({ position, drawn: draw() })).flatMap(({ position, drawn }) =>
      drawn === undefined ? [] : [{ ...drawn, row, rowIndex, position }],
    ),
  )
}

/** New films get the share of choices that is theirs; among the others taste and place decide. */
function choose(
  scene: Scene,
  { household, profile }: Visitor,
  at: number,
  slots: readonly Slot[],
  random: Random,
): Slot {
  const isNew = random.next() < scene.chooser.launchShare(household.countryIndex, at)
  const wanted = slots.filter(({ row }) => (row === 'new') === isNew)
  const candidates = wanted.length > 0 ? wanted : slots
  const weights = candidates.map(
    ({ film, rowIndex, position }) =>
      profile.taste[genreOf(scene.films[film]!.genres)]! * EXAMINED_ROW[rowIndex]! * EXAMINED_POSITION[position]!,
  )
  let left = random.next() * weights.reduce((a, b) => a + b)
  return candidates.find((_, i) => (left -= weights[i]!) < 0) ?? candidates.at(-1)!
}
