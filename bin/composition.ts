import { PLATFORM_SETTINGS } from '../platform/config.ts'
import type { Module } from '../platform/module.ts'
import type { Settings } from '../platform/settings.ts'
import * as modules from './modules.ts'

/**
 * Modules, each after those that it builds on: the order in which their tables are made and their parts start. Parts stop
 * in the reverse order. Throws where one names a module that is not there, or two build on one another.
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

/** All settings there are, of the platform and of `among`. */
export const settingsOf = (among: readonly Module[]): readonly Settings[] => [
  ...PLATFORM_SETTINGS,
  ...among.flatMap(({ settings }) => settings ?? []),
]

/** Every table, in the order they build on one another. */
export const allMigrations = MODULES.flatMap(({ migrations }) => migrations ?? [])

/** Every domain of touched keys. */
export const allDomains = MODULES.flatMap(({ domains }) => domains ?? [])
