/**
 * Edge appliances (OCAs) and the ranking that steering gives to a client.
 *
 * As at Netflix Open Connect: appliances inside large operators' networks hold the popular part of the catalogue, those
 * at an exchange hold all of it and serve the whole country; a neighbouring exchange is the last resort.
 */
import { hash32 } from '../../platform/random.ts'
import type { RankedOca } from '../player/index.ts'
import type { Film } from './catalogue.ts'
import type { Faults } from './faults.ts'
import { COUNTRIES, countryOf, type Isp } from './geography.ts'
import type { Popularity } from './popularity.ts'
import type { Answer } from './answer.ts'

export interface Oca {
  readonly name: string
  /** OCAs of a site receive the same prefixes. */
  readonly site: string
  readonly country: string
  /** Operators routed to it. */
  readonly asns: readonly number[]
  readonly model: 'storage' | 'flash' | 'global'
  readonly capacityKbps: number
  readonly diskBytes: number
  /** Number of films it holds, from the top of its country's order. */
  readonly films: number
}

/**
 * Public figures of the appliances: about 200 Gbit/s and 120 TB (storage), 80 Gbit/s and 60 TB (global); flash assumed.
 */
const MODELS = {
  storage: { capacityKbps: 200e6, diskBytes: 120e12, films: 1_000 },
  flash: { capacityKbps: 200e6, diskBytes: 24e12, films: 300 },
  global: { capacityKbps: 80e6, diskBytes: 60e12, films: Infinity },
} as const

const site = (name: string, country: string, asns: readonly number[], models: readonly Oca['model'][]): Oca[] =>
  models.map((model, i) => ({ name: `c00${i + 1}.${name}`, site: name, country, asns, model, ...MODELS[model] }))

export const OCAS: readonly Oca[] = COUNTRIES.flatMap(({ code, town, isps }) => [
  ...site(
    `${town}001.ix`,
    code,
    isps.map(({ asn }) => asn),
    ['global', 'global'],
  ),
  ...isps
    .filter(({ embedded }) => embedded)
    .flatMap(({ asn }, i) => site(`${town}00${i + 2}.as${asn}`, code, [asn], ['flash', 'storage'])),
])

const exchangeOf = new Map(
  COUNTRIES.map(({ code, town }) => [code, OCAS.filter((oca) => oca.site === `${town}001.ix`)]),
)
const embeddedIn = new Map(
  COUNTRIES.flatMap(({ isps }) => isps).map(({ asn }) => [
    asn,
    OCAS.filter((oca) => oca.model !== 'global' && oca.asns.includes(asn)),
  ]),
)
const byName = new Map(OCAS.map((oca) => [oca.name, oca]))

export const ocaOf = (name: string): Oca => byName.get(name)!

/** Round trip beyond the access network, ms. */
export function routeLatency(oca: Oca, isp: Isp): number {
  if (oca.country !== isp.country) return 38
  return oca.model === 'global' ? 14 : 6
}

export type RankReason = 'route' | 'content' | 'health' | 'load' | 'distance'

export interface Ranking {
  /** At least one, each by its name in OCAS. */
  readonly ranked: readonly (RankedOca & { readonly reason: RankReason; readonly score: number })[]
  /** Best by route alone, regardless of its content and health. */
  readonly best: string
  /** Why the best one is not first; '' if it is. */
  readonly missClass: '' | 'content' | 'health'
  readonly versions: { readonly inventory: string; readonly model: string; readonly rule: string }
}

export interface RankRequest {
  readonly isp: Isp
  readonly film: Film
  readonly at: number
  readonly sessionId: string
  readonly profileId: string
  readonly device: string
}

/** Decides where a playback streams from; called once per playback. */
export interface Steering {
  rank(request: RankRequest): Answer<Ranking>
}

export interface Holdings {
  readonly version: string
  holds(oca: Oca, film: Film): boolean
}

/** The contents of the appliances; called whenever they report. */
export interface Inventory {
  holdings(at: number): Answer<Holdings>
}

/** The world's own fill: each appliance holds the top of its country's popularity, as far as it has space. */
export class PopularityFill implements Inventory, Holdings {
  readonly version = 'world-1'
  private readonly rankIn: readonly Uint16Array[]

  constructor(popularity: Popularity) {
    this.rankIn = popularity.share.map((share) => {
      const order = Array.from(share.keys()).sort((a, b) => share[b]! - share[a]!)
      const rank = new Uint16Array(share.length)
      order.forEach((film, i) => (rank[film] = i))
      return rank
    })
  }

  holdings(): Holdings {
    return this
  }

  holds(oca: Oca, { index }: Film): boolean {
    const country = COUNTRIES.findIndex(({ code }) => code === oca.country)
    return this.rankIn[country]![index]! < oca.films
  }
}

/** The world's own steering: nearest first, of those that hold the film and are not known to be dead. */
export class RouteSteering implements Steering {
  private readonly faults: Faults
  private readonly held: () => Holdings

  constructor(faults: Faults, held: () => Holdings) {
    this.faults = faults
    this.held = held
  }

  /** Best first, three or four OCAs: own operator, own exchange, the neighbour's. */
  rank({ isp, film, at }: Pick<RankRequest, 'isp' | 'film' | 'at'>): Ranking {
    const held = this.held()
    const routes = [...near(embeddedIn.get(isp.asn)!, film), ...near(exchangeOf.get(isp.country)!, film)]
    const far = near(exchangeOf.get(countryOf(isp.country).neighbour)!, film)[0]!
    const best = routes.find((oca) => oca.model === 'global' || held.holds(oca, film)) ?? routes[0]!
    const embedded = routes[0]!
    const healthy = [...routes, far].filter((oca) => !this.knownDead(oca, at))
    const holding = healthy.filter((oca) => held.holds(oca, film))
    const missClass =
      embedded.model !== 'global' && best.model === 'global' ? 'content' : healthy.includes(best) ? '' : 'health'
    // If all are known to be dead, a dead one is still better than none.
    const ranked = (holding.length > 0 ? holding : routes).map((oca, i) => ({
      oca: oca.name,
      pathway: oca.site,
      score: 1_000_000 - 100_000 * i,
      reason: reasonFor(oca, i, missClass, isp),
    }))
    return {
      ranked,
      best: missClass === 'content' ? embedded.name : best.name,
      missClass,
      versions: { inventory: held.version, model: 'route-rank-1', rule: 'default-1' },
    }
  }

  private knownDead(oca: Oca, at: number): boolean {
    return this.faults
      .during('oca-dies', at - 3_600_000, at + 1, ({ ocas }) => ocas.includes(oca.name) || ocas.includes(oca.site))
      .some(({ spec, from, to }) => at >= from + spec.noticedAfterMs && at < to + spec.noticedAfterMs)
  }
}

/**
 * The appliances of a site in the order of rendezvous hashing (Thaler & Ravishankar 1998), which spreads films over
 * them.
 */
const near = (ocas: readonly Oca[], film: Film): Oca[] =>
  [...ocas].sort(
    (a, b) =>
      Number(a.model === 'storage') - Number(b.model === 'storage') ||
      hash32(`${b.name}/${film.id}`) - hash32(`${a.name}/${film.id}`),
  )

function reasonFor(oca: Oca, place: number, missClass: Ranking['missClass'], isp: Isp): RankReason {
  if (oca.country !== isp.country) return 'distance'
  if (place > 0) return 'load'
  return missClass === '' ? 'route' : missClass
}
