import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { AggregateAudit } from '../../platform/audit.ts'
import type { TouchedDomain } from '../../streams/touched/index.ts'

const ROOT = join(import.meta.dirname, '../..')

interface Module {
  readonly audits?: readonly AggregateAudit[]
  readonly domains?: readonly TouchedDomain[]
}

const modules = async (): Promise<Module[]> =>
  Promise.all(
    globSync('streams/*/index.ts', { cwd: ROOT }).map((module) => import(join(ROOT, module)) as Promise<Module>),
  )

/** Every aggregate that a module keeps, with its recomputation. */
export const allAudits = async (): Promise<AggregateAudit[]> => (await modules()).flatMap(({ audits }) => audits ?? [])

/** Every domain of touched keys. */
export const allDomains = async (): Promise<TouchedDomain[]> =>
  (await modules()).flatMap(({ domains }) => domains ?? [])
