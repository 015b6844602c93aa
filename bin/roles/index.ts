import type { Module } from '../../platform/module.ts'
import type { Role } from '../../platform/role.ts'
import { broker } from './broker.ts'
import { storeRoles } from './store.ts'

/** Every role of `playloop run`, in the order in which `playloop start` starts those that take part in it. */
export const rolesOf = (modules: readonly Module[]): Readonly<Record<string, Role>> => ({
  broker,
  ...storeRoles(modules),
  ...Object.fromEntries(modules.flatMap(({ roles }) => Object.entries(roles ?? {}))),
})
