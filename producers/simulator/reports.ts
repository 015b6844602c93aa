/** Reports of the OCAs: health, load, and once a day their contents. A dead one sends none. */
import { DAY_MS } from '../../platform/time.ts'
import type { OcaReportInput } from '../../schemas/generated/inputs.ts'
import { WORLD_CLOCK, type Scene } from './scene.ts'
import type { Oca } from './ocas.ts'

export function reportEvents(
  scene: Scene,
  oca: Oca,
  at: number,
  load: { sessions: number; kbps: number } | undefined,
  newId: (at: number) => string,
): OcaReportInput[] {
  const dead =
    scene.faults.during('oca-dies', at, at + 1, ({ ocas }) => ocas.includes(oca.name) || ocas.includes(oca.site))
      .length > 0
  if (dead) return []
  const base = {
    clock: WORLD_CLOCK,
    event_time: at,
    oca: oca.name,
    site: oca.site,
    country: oca.country,
    model: oca.model,
    software: 'oca-agent/1.0.0',
    asns: [...oca.asns],
  }
  const { sessions = 0, kbps = 0 } = load ?? {}
  const used = Math.min(1000, Math.round((1000 * kbps) / oca.capacityKbps))
  const reports: OcaReportInput[] = [
    { ...base, event_id: newId(at), kind: 'health', healthy: true, uptime_s: Math.round((at - scene.from) / 1000) },
    {
      ...base,
      event_id: newId(at),
      kind: 'load',
      connections: sessions,
      egress_kbps: kbps,
      capacity_kbps: oca.capacityKbps,
      cpu_permille: used,
      disk_permille: used,
    },
  ]
  if (at % DAY_MS < scene.detail(at).reportMs) reports.push(inventory(scene, oca, base, newId(at)))
  return reports
}

function inventory(scene: Scene, oca: Oca, base: Omit<OcaReportInput, 'kind'>, eventId: string): OcaReportInput {
  const held = scene.films.filter((film) => scene.holdings.holds(oca, film))
  // The fixed ladder takes about 22 Mbit/s: 2,750 bytes per ms of film.
  const bytes = held.reduce((sum, { runtimeMs }) => sum + runtimeMs * 2_750, 0)
  return {
    ...base,
    event_id: eventId,
    kind: 'inventory',
    disk_used_bytes: bytes,
    disk_total_bytes: oca.diskBytes,
    files_total: held.length,
    inventory_version: scene.holdings.version,
  }
}
