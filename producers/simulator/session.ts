/** A playback that results from a visit: the player's inputs, and the events of steering and the OCAs about it. */
import type { Random } from '../../platform/random.ts'
import type { DeliveryDecisionInput, DeliveryRequestInput } from '../../schemas/generated/inputs.ts'
import type {
  Ad,
  PlantedError,
  PlaySetup,
  RequestLine,
  StartupParts,
  Trouble,
  Turn,
  Viewer,
  ViewerStep,
} from '../player/index.ts'
import { APPS, type App } from './apps.ts'
import { decisionEvent, requestEvent } from './delivery.ts'
import { variationOf, type Visitor } from './events.ts'
import { PathNetwork } from './network.ts'
import type { Ranking } from './ocas.ts'
import { WORLD_CLOCK, type Scene } from './scene.ts'
import { watchMs } from './taste.ts'
import type { Visit } from './visit.ts'

export interface SessionPlan {
  readonly setup: PlaySetup
  /** Steering's answer; undefined if it is not sent. */
  readonly decision: DeliveryDecisionInput | undefined
}

/** Maximum length of a session, ms: bounds the faults that can affect it. */
const LONGEST_MS = 8 * 3_600_000

/** A playback at its start. */
export interface Start {
  readonly at: number
  readonly sessionId: string
  readonly ranking: Ranking
  /** Whether the session represents one that began earlier, of which only the rest is played. */
  readonly underWay: boolean
}

export function planSession(
  scene: Scene,
  { who, film: index, fromMs }: Visit,
  { at, sessionId, ranking, underWay }: Start,
  random: Random,
  onRequest: (line: DeliveryRequestInput) => void,
): SessionPlan {
  const film = scene.films[index]!
  const app = APPS[who.device.kind]
  const detail = scene.detail(at)
  const decision = decisionEvent(who, at, sessionId, film.id, ranking, app)
  const logged = random.next() * 1000 < detail.requestPermille
  const left = film.runtimeMs - (fromMs ?? 0)
  const watch = Math.max(1_000, underWay ? restOf(left, random) : watchMs(left, random))
  const setup: PlaySetup = {
    at,
    sessionId,
    clock: WORLD_CLOCK,
    clockOffsetMs: who.offsetMs,
    newId: who.newId,
    dimensions: dimensionsOf(who, app),
    title: scene.titles[index]!,
    ranked: ranking.ranked,
    network: networkOf(scene, who, at, random),
    config: { ...app.player, abr: abrOf(scene, who, at, app), intervalMs: detail.intervalMs, initialKbps: 1_500 },
    viewer: viewerOf(who, film.runtimeMs, watch, random),
    startup: startupOf(scene, who, at, app, random),
    display: app.display,
    trouble: troubleOf(scene, who, at, film.runtimeMs, random),
    turns: turnsOf(ranking, random),
    dropPermille: (rendition) => (who.device.kind === 'stick' && rendition >= 8 ? 12 : 1),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...adOf(who, random),
    ...(logged
      ? {
          onRequest: (line: RequestLine) =>
            onRequest(requestEvent(who, sessionId, film.id, ranking, decision.event_id!, line, setup)),
        }
      : {}),
  }
  return { setup, decision: random.next() * 1000 < detail.decisionPermille || logged ? decision : undefined }
}

/** What is left of a viewing that is already running: longer ones are more likely to be found running, at any point. */
function restOf(runtimeMs: number, random: Random): number {
  for (;;) {
    const watch = watchMs(runtimeMs, random)
    if (random.next() * runtimeMs < watch) return Math.round(watch * random.next())
  }
}

const dimensionsOf = ({ household, profile, device, appVersion }: Visitor, app: App): PlaySetup['dimensions'] => ({
  profile_id: profile.id,
  household_id: household.id,
  country: household.country.code,
  region: household.region.code,
  asn: household.isp.asn,
  device: device.kind,
  app_version: appVersion,
  stream_format: app.streamFormat,
})

function networkOf(scene: Scene, who: Visitor, at: number, random: Random): PathNetwork {
  const { household, device } = who
  const kbps = household.lineKbps * device.throughput * Math.exp(0.2 * random.normal()) * starved(scene, who, at)
  return new PathNetwork({
    isp: household.isp,
    kbps,
    utcMinutes: household.country.utcMinutes,
    salt: random.below(2 ** 31),
    faults: scene.faults,
    from: at,
    to: at + LONGEST_MS,
  })
}

/** Remaining throughput of a slow line under a variation. */
function starved(scene: Scene, who: Visitor, at: number): number {
  const arms = scene.faults.during(
    'arm-starves-slow-lines',
    at,
    at + 1,
    ({ experiment, variation, belowKbps }) =>
      who.household.lineKbps < belowKbps && variationOf(experiment, who, at, scene.liveFrom) === variation,
  )
  for (const { touch } of arms) touch()
  return arms.reduce((factor, { spec }) => (factor * spec.throughputPermille) / 1000, 1)
}

function abrOf(scene: Scene, who: Visitor, at: number, app: App): App['player']['abr'] {
  return variationOf('abr-bola', who, at, scene.liveFrom) === 1 ? 'bola' : app.player.abr
}

function viewerOf({ profile }: Visitor, runtimeMs: number, watch: number, random: Random): Viewer {
  const patience = (medianMs: number): number =>
    Math.round(medianMs * profile.patience * Math.exp(0.5 * random.normal()))
  const viewer = {
    startupPatienceMs: patience(14_000),
    stallPatienceMs: patience(25_000),
    script: scriptOf(runtimeMs, watch, random),
  }
  // A viewer who stays to the end does not leave: the film ends.
  return watch >= runtimeMs ? viewer : { ...viewer, leaveAfterMediaMs: watch }
}

/** Pauses, a seek, a prompt; none of them in short viewings. */
function scriptOf(runtimeMs: number, watch: number, random: Random): ViewerStep[] {
  if (watch < 5 * 60_000) return []
  const somewhere = (): number => Math.round(watch * (0.05 + 0.9 * random.next()))
  const steps: ViewerStep[] = []
  if (random.next() < 0.3)
    steps.push({ kind: 'pause', atMs: somewhere(), forMs: Math.round(60_000 * Math.exp(random.normal())) })
  if (random.next() < 0.12) {
    const atMs = somewhere()
    const by = random.next() < 0.5 ? -30_000 : 10_000 * (1 + random.below(30))
    steps.push({ kind: 'seek', atMs, toMs: Math.min(Math.max(0, atMs + by), runtimeMs - 1_000) })
  }
  if (random.next() < 0.01) steps.push({ kind: 'wait', atMs: somewhere(), forMs: 5_000 + random.below(20_000) })
  return steps.sort((a, b) => a.atMs - b.atMs)
}

function startupOf(scene: Scene, who: Visitor, at: number, app: App, random: Random): StartupParts {
  const some = Math.exp(0.35 * random.normal())
  const arms = scene.faults.during(
    'arm-improves-startup',
    at,
    at + 1,
    ({ experiment, variation }) => variationOf(experiment, who, at, scene.liveFrom) === variation,
  )
  const faster = arms.reduce((factor, { spec }) => (factor * spec.startupPermille) / 1000, 1)
  for (const { touch } of arms) touch()
  const extra = regressions(scene, who, at).reduce((sum, { spec }) => sum + spec.extraStartupMs, 0)
  return {
    pageMs: Math.round(app.pageMs * Math.exp(0.3 * random.normal())),
    playerMs: Math.round(app.playerMs * some * faster) + extra,
    drmMs: Math.round(app.drmMs * Math.exp(0.4 * random.normal()) * faster),
  }
}

const regressions = (scene: Scene, { appVersion, device }: Visitor, at: number) =>
  scene.faults.during(
    'app-regresses',
    at,
    at + 1,
    (spec) => spec.appVersion === appVersion && (spec.devices?.includes(device.kind) ?? true),
  )

/** Rare failures of any service: a refused licence, a reached limit, a stalling decoder; and those of a bad release. */
function troubleOf(scene: Scene, who: Visitor, at: number, runtimeMs: number, random: Random): Trouble {
  const errors: PlantedError[] = []
  const chance = random.next()
  if (chance < 0.004) errors.push({ atMs: 400, code: 'CONCURRENT_STREAMS', kind: 'business', fatal: true })
  else if (chance < 0.006) errors.push({ atMs: 700, code: 'DRM_LICENSE', kind: 'technical', fatal: true })
  for (const { spec, touch } of regressions(scene, who, at)) {
    touch()
    if (random.next() * 1000 < spec.fatalPermille)
      errors.push({ atMs: 15_000 + random.below(60_000), code: 'DECODER_CRASH', kind: 'technical', fatal: true })
  }
  const weak = who.device.kind === 'stick' || who.device.kind === 'phone'
  const decoder =
    random.next() < (weak ? 0.03 : 0.004)
      ? [{ atMediaMs: random.below(runtimeMs), forMs: 300 + random.below(1_500) }]
      : []
  return { errors: errors.sort((a, b) => a.atMs - b.atMs), decoder }
}

/** Occasionally steering moves a session to the second OCA to balance load. */
const turnsOf = ({ ranked }: Ranking, random: Random): Turn[] =>
  ranked.length > 1 && random.next() < 0.01 ? [{ kind: 'steer', atMs: 60_000 + random.below(1_200_000), rank: 1 }] : []

/** One household in twenty-five has a cheaper plan with an advertisement before the film. */
function adOf({ household }: Visitor, random: Random): { ad?: Ad } {
  if (household.number % 25 !== 0) return {}
  return {
    ad: {
      durationMs: 15_000 + 5_000 * random.below(4),
      kbps: 1_500,
      stallMs: random.next() < 0.03 ? 400 + random.below(2_000) : 0,
    },
  }
}
