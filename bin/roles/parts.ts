import type { Store } from '../../platform/clickhouse/port.ts'
import type { Module, Part, PartContext, RunningPart, StoreRole } from '../../platform/module.ts'
import type { RoleContext } from '../../platform/role.ts'
import { createServices, type Services } from '../../platform/services.ts'
import { createSignals } from '../../platform/signals.ts'

/** Parts of several modules that run in one process, as one. */
export interface RunningParts extends Required<Omit<RunningPart, 'done'>> {
  /** Settles with the first that ends. */
  readonly done: Promise<void>
  readonly services: Services
}

export interface PartsOptions {
  readonly modules: readonly Module[]
  readonly roles: readonly StoreRole[]
  readonly store: Store
  /** Offers what the modules of another process would, before any part starts. */
  readonly prepare?: (ctx: PartContext) => void
}

/** Starts the parts of `roles` in the order of the modules; stops them in the reverse one. */
export async function startParts(
  ctx: RoleContext,
  { modules, roles, store, prepare }: PartsOptions,
): Promise<RunningParts> {
  const services = createServices()
  const context: PartContext = { ...ctx, store, modules, services, signals: createSignals() }
  prepare?.(context)
  const started: RunningPart[] = []
  const stop = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.stop()
  }
  try {
    for (const part of partsOf(modules, roles)) started.push(await part.start(context))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    services,
    done: Promise.race(started.map(({ done }) => done)),
    stats: () => Object.assign({}, ...started.map((part) => part.stats?.() ?? {})) as ReturnType<RunningParts['stats']>,
    answers: Object.assign({}, ...started.map(({ answers }) => answers ?? {})) as RunningParts['answers'],
    ready: () => started.every((part) => part.ready?.() ?? true),
    async caughtUp() {
      await Promise.all(started.map((part) => part.caughtUp?.()))
    },
    stop,
  }
}

const partsOf = (modules: readonly Module[], roles: readonly StoreRole[]): Part[] =>
  modules.flatMap(({ parts }) => parts ?? []).filter((part) => part.roles.some((role) => roles.includes(role)))
