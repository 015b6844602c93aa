/** Delivery events of the service: steering's answers, and the lines of the OCAs' request logs. */
import type { DeliveryDecisionInput, DeliveryRequestInput } from '../../schemas/generated/inputs.ts'
import type { PlaySetup, RequestLine } from '../player/index.ts'
import type { App } from './apps.ts'
import type { Visitor } from './events.ts'
import { ocaOf, type Ranking } from './ocas.ts'
import { WORLD_CLOCK } from './scene.ts'

/** Steering's answer to a playback. */
export function decisionEvent(
  who: Visitor,
  at: number,
  sessionId: string,
  titleId: string,
  { ranked, best, missClass, versions }: Ranking,
  app: App,
): DeliveryDecisionInput {
  const { household, profile, device } = who
  return {
    event_id: who.newId(at),
    clock: WORLD_CLOCK,
    event_time: at,
    session_id: sessionId,
    profile_id: profile.id,
    title_id: titleId,
    service: 'playback',
    outcome: missClass === 'health' ? 'degraded' : 'allowed',
    outcome_code: missClass === 'health' ? 'next-best-oca' : '',
    country: household.country.code,
    region: household.region.code,
    asn: household.isp.asn,
    device: device.kind,
    ocas: ranked.map(({ oca }) => oca),
    pathways: ranked.map(({ pathway }) => pathway),
    scores: ranked.map(({ score }) => score),
    reasons: ranked.map(({ reason }) => reason),
    best_oca: best,
    ttl_s: 300,
    first_byte_timeout_ms: app.player.firstByteTimeoutMs,
    retries: app.player.retries,
    inventory_version: versions.inventory,
    model_version: versions.model,
    rule_version: versions.rule,
    ladder_version: 'fixed-2015',
  }
}

/**
 * A line of an OCA's log. A miss is a request that the best OCA by route did not serve (Netflix's taxonomy: content,
 * health, other).
 */
export function requestEvent(
  who: Visitor,
  sessionId: string,
  titleId: string,
  ranking: Ranking,
  decisionId: string,
  line: RequestLine,
  { title }: PlaySetup,
): DeliveryRequestInput {
  const hit = line.oca === ranking.best
  const media = line.kind === 'media'
  const rendition = media ? title.ladder[line.rendition]!.name : ''
  const file = media ? title.bytes(line.rendition, line.segment) : null
  return {
    event_id: who.newId(line.endedAt),
    clock: WORLD_CLOCK,
    event_time: line.endedAt,
    session_id: sessionId,
    oca: line.oca,
    title_id: titleId,
    rendition,
    segment_index: media ? line.segment : null,
    path: `/${titleId}/${media ? `${rendition}/${line.segment}.m4s` : line.kind}`,
    status: line.status,
    bytes: line.bytes,
    file_bytes: file,
    ttfb_us: Number.isFinite(line.firstByteAt) ? (line.firstByteAt - line.at) * 1000 : null,
    duration_us: (line.endedAt - line.at) * 1000,
    cache: hit ? 'hit' : 'miss',
    miss_class: hit ? '' : ranking.missClass || 'other',
    source: hit ? '' : ocaOf(line.oca).model === 'global' ? 'tier' : 'peer',
    decision_id: decisionId.replaceAll('-', ''),
    pathway: line.pathway,
    country: who.household.country.code,
    asn: who.household.isp.asn,
    protocol: 'h2',
  }
}
