import type { Module } from '../../platform/module.ts'
import type { Role } from '../../platform/role.ts'
import { broker } from './broker.ts'
import { storeRoles } from './store.ts'

/** All roles of `playloop run`, in the order in which `playloop start` starts the local ones. */
export const rolesOf = (modules: readonly Module[]): Readonly<Record<string, Role>> => ({
  broker,
  ...storeRoles(modules),
  ...Object.fromEntries(modules.flatMap(({ roles }) => Object.entries(roles ?? {}))),
})
