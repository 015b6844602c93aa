/** A visit: the viewer sees, searches or skips a page and chooses a film. */
import type { Random } from '../../platform/random.ts'
import type { ViewerActionInput } from '../../schemas/generated/inputs.ts'
import type { Film } from './catalogue.ts'
import { actionEvent, type ActionDetails, type Visitor } from './events.ts'
import type { Page, Slot } from './page.ts'
import { andThen, type Answer } from './answer.ts'
import type { Scene } from './scene.ts'
import { genreOf } from './taste.ts'

/** A film that was left before its end. */
export interface Unfinished {
  readonly film: number
  readonly positionMs: number
}

export interface Visit {
  readonly who: Visitor
  readonly film: number
  /** Start position, ms; undefined means from the beginning. */
  readonly fromMs: number | undefined
  /** When the film is clicked and played. */
  readonly playAt: number
  /** Position of the choice on the page, which click and play report in addition to the title. */
  readonly place: ActionDetails
}

/** A visit, and the impressions of its page, which are sent at once and not kept. */
export interface PlannedVisit {
  /** Undefined if there was nothing to choose from. */
  readonly visit: Visit | undefined
  readonly shown: readonly ViewerActionInput[]
}

/** Share of visits that resume an unfinished film, and share that search. */
const CONTINUES = 0.45
const SEARCHES = 0.08
/** Probability that a position is examined: lower rows and titles further right less (position-based model). */
const EXAMINED_ROW = [1, 0.7, 0.5]
const EXAMINED_POSITION = [1, 0.85, 0.72, 0.61]
/** Probability of each further position, relative to the one before. */
const EXAMINED_BEYOND = 0.8

export function planVisit(
  scene: Scene,
  who: Visitor,
  at: number,
  unfinished: Unfinished | undefined,
  random: Random,
): Answer<PlannedVisit> {
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
    rule_version: 'default-1',
  }
  const shown = [actionEvent(who, at, 'impression', { title_id: scene.films[film]!.id, ...place })]
  return { visit: { who, film, fromMs: positionMs, playAt, place }, shown }
}

/**
 * A viewer who searches knows the film: it is drawn by popularity and chosen from the results; if it is missing, the
 * first result is chosen.
 */
function search(scene: Scene, who: Visitor, at: number, playAt: number, random: Random): Answer<PlannedVisit> {
  const sought = scene.films[scene.chooser.popular(who.household.countryIndex, random).film]!
  const pageId = who.newId(at)
  const query = sought.name
    .slice(0, 3 + random.below(8))
    .trimEnd()
    .toLowerCase()
  return andThen(scene.pages.search({ who, at, random, query, sought }), ({ titleIds, modelVersion }) => {
    const position = Math.max(0, titleIds.indexOf(sought.id))
    const found = scene.filmOf(titleIds[position] ?? '')
    const page = { page_id: pageId, page: 'search' }
    const results = [...titleIds]
    const shown = [actionEvent(who, at, 'search', { ...page, query, results, model_version: modelVersion })]
    if (found === undefined) return { visit: undefined, shown }
    const place = { ...page, row: 'results', row_index: 0, position, model_version: modelVersion }
    return { visit: { who, film: found.index, fromMs: undefined, playAt, place }, shown }
  })
}

function browse(scene: Scene, who: Visitor, at: number, playAt: number, random: Random): Answer<PlannedVisit> {
  return andThen(scene.pages.home({ who, at, random }), (page) => {
    const offers = page.slots.flatMap((slot) => {
      const film = scene.filmOf(slot.titleId)
      return film === undefined ? [] : [{ slot, film }]
    })
    const chosen = choose(scene, who, at, offers, random)
    if (chosen === undefined) return { visit: undefined, shown: [] }
    const pageId = who.newId(at)
    const logged = random.next() * 1000 < scene.detail(at).pagePermille
    const shown = logged
      ? offers.map(({ slot }) =>
          actionEvent(who, at, 'impression', { title_id: slot.titleId, ...placeOf(slot, page, pageId) }),
        )
      : []
    const place = placeOf(chosen.slot, page, pageId)
    return { visit: { who, film: chosen.film.index, fromMs: undefined, playAt, place }, shown }
  })
}

const placeOf = (
  { row, rowIndex, position, propensity }: Slot,
  { modelVersion, ruleVersion }: Page,
  pageId: string,
): ActionDetails => ({
  page_id: pageId,
  page: 'home',
  row,
  row_index: rowIndex,
  position,
  propensity,
  model_version: modelVersion,
  rule_version: ruleVersion,
})

interface Offer {
  readonly slot: Slot
  readonly film: Film
}

/** New films get their own share of choices; among the others taste and position decide. */
function choose(
  scene: Scene,
  { household, profile }: Visitor,
  at: number,
  offers: readonly Offer[],
  random: Random,
): Offer | undefined {
  const isNew = random.next() < scene.chooser.launchShare(household.countryIndex, at)
  const wanted = offers.filter(({ film }) => scene.chooser.isLaunch(film.index) === isNew)
  const candidates = wanted.length > 0 ? wanted : offers
  const weights = candidates.map(
    ({ film, slot }) =>
      profile.taste[genreOf(film.genres)]! *
      examined(EXAMINED_ROW, slot.rowIndex) *
      examined(EXAMINED_POSITION, slot.position),
  )
  let left = random.next() * weights.reduce((a, b) => a + b, 0)
  return candidates.find((_, i) => (left -= weights[i]!) < 0) ?? candidates.at(-1)
}

const examined = (likely: readonly number[], place: number): number =>
  likely[place] ?? likely.at(-1)! * EXAMINED_BEYOND ** (place - likely.length + 1)
