import { PLATFORM_SETTINGS } from '../platform/config.ts'
import type { Module } from '../platform/module.ts'
import type { Settings } from '../platform/settings.ts'
import * as modules from './modules.ts'

/**
 * Orders modules so that each comes after those it builds on: the order in which tables are created and parts start.
 * Parts stop in reverse order. Throws if a module names one that is missing, or two depend on each other.
 */
export function inOrder(all: readonly Module[]): readonly Module[] {
  const known = new Map(all.map((module) => [module.name, module]))
  const ordered = new Set<Module>()
  const place = (module: Module, trail: readonly string[]): void => {
    if (ordered.has(module)) return
    if (trail.includes(module.name))
      throw new Error(`modules build on one another: ${[...trail, module.name].join(' → ')}`)
    for (const name of module.after ?? []) {
      const earlier = known.get(name)
      if (earlier === undefined) throw new Error(`${module.name} builds on ${name}, which is not in bin/modules.ts`)
      place(earlier, [...trail, module.name])
    }
    ordered.add(module)
  }
  for (const module of all.toSorted((a, b) => (a.name < b.name ? -1 : 1))) place(module, [])
  return [...ordered]
}

export const MODULES: readonly Module[] = inOrder(Object.values(modules))

/** All settings of the platform and of `among`. */
export const settingsOf = (among: readonly Module[]): readonly Settings[] => [
  ...PLATFORM_SETTINGS,
  ...among.flatMap(({ settings }) => settings ?? []),
]

/** All migrations, in dependency order. */
export const allMigrations = MODULES.flatMap(({ migrations }) => migrations ?? [])

/** All domains of touched keys. */
export const allDomains = MODULES.flatMap(({ domains }) => domains ?? [])
