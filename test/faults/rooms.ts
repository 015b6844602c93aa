import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { AggregateAudit } from '../../platform/audit.ts'
import type { TouchedDomain } from '../../streams/touched/index.ts'

const ROOT = join(import.meta.dirname, '../..')

interface Room {
  readonly audits?: readonly AggregateAudit[]
  readonly domains?: readonly TouchedDomain[]
}

const rooms = async (): Promise<Room[]> =>
  Promise.all(globSync('streams/*/index.ts', { cwd: ROOT }).map((room) => import(join(ROOT, room)) as Promise<Room>))

/** Every aggregate that a room keeps, with its recomputation. */
export const allAudits = async (): Promise<AggregateAudit[]> => (await rooms()).flatMap(({ audits }) => audits ?? [])

/** Every domain of touched keys. */
export const allDomains = async (): Promise<TouchedDomain[]> => (await rooms()).flatMap(({ domains }) => domains ?? [])
