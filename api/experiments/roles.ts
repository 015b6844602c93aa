import type { Principal } from '../../platform/http/index.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'

/**
 * Who answers for an experiment: its owner, and whoever created it. `first`: its first revision, which names the client
 * that was authenticated, or without access control whoever the body named.
 */
export const ownersOf = ({ owner }: RegisteredExperiment, first: RegisteredExperiment): string[] => [
  ...new Set([...(owner === undefined ? [] : [owner]), first.principal ?? first.by]),
]

/**
 * Whether a client may take an action: without access control everybody may; a kill is open to all who may write, since
 * harm must not wait for an owner.
 */
export const mayAct = (action: string, owners: readonly string[], who: Principal | undefined): boolean =>
  who === undefined || action === 'kill' || owners.includes(who.name) || who.scopes.has('admin:experiments')
