import type { Module } from '../platform/module.ts'
import type { Settings } from '../platform/settings.ts'
import { PLATFORM_SETTINGS } from '../platform/config.ts'
import { definitions } from '../models/experiments/module.ts'
import { collector } from '../producers/collector/module.ts'
import { replay } from '../producers/replay/module.ts'
import { simulator } from '../producers/simulator/module.ts'
import { audit } from '../streams/audit/module.ts'
import { experiments } from '../streams/experiments/module.ts'
import { popularity } from '../streams/popularity/module.ts'
import { qoe } from '../streams/qoe/module.ts'
import { sink } from '../streams/sink/module.ts'
import { touched } from '../streams/touched/module.ts'
import { api, detect } from './interim.ts'

/**
 * Every module of a running system, in the order in which their tables build on one another and their parts start: the
 * landing tables first, then what is derived from them, then what answers. Parts stop in the reverse order.
 */
export const MODULES: readonly Module[] = [
  sink,
  audit,
  touched,
  popularity,
  qoe,
  definitions,
  experiments,
  api,
  detect,
  collector,
  simulator,
  replay,
]

/** All settings there are, of the platform and of `modules`. */
export const settingsOf = (modules: readonly Module[]): readonly Settings[] => [
  ...PLATFORM_SETTINGS,
  ...modules.flatMap(({ settings }) => settings ?? []),
]

/** Every table, in the order they build on one another. */
export const allMigrations = MODULES.flatMap(({ migrations }) => migrations ?? [])

/** Every domain of touched keys. */
export const allDomains = MODULES.flatMap(({ domains }) => domains ?? [])
