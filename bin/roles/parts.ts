import type { Store } from '../../platform/clickhouse/port.ts'
import { startJobs, type Job } from '../../platform/jobs/index.ts'
import type { Module, Part, PartContext, RunningPart, StoreRole } from '../../platform/module.ts'
import type { RoleContext } from '../../platform/role.ts'
import { createServices, type Services } from '../../platform/services.ts'
import { createSignals } from '../../platform/signals.ts'

/** Parts of several modules that run in one process, combined into one. */
export interface RunningParts extends Required<Omit<RunningPart, 'done'>> {
  /** Settles when the first part ends. */
  readonly done: Promise<void>
  readonly services: Services
}

export interface PartsOptions {
  readonly modules: readonly Module[]
  readonly roles: readonly StoreRole[]
  readonly store: Store
  /** Provides services that modules of another process would provide, before any part starts. */
  readonly prepare?: (ctx: PartContext) => void
}

/** Starts the parts of `roles` in the order of the modules; stops them in reverse order. */
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
    const jobs: Job[] = []
    for (const { parts = [], ...module } of modules) {
      for (const part of parts.filter(runsIn(roles))) started.push(await part.start(context))
      if (roles.includes('sink')) jobs.push(...(module.jobs?.(context) ?? []))
    }
    if (jobs.length > 0) started.push(startWork(jobs, context))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    services,
    info: merged(started.map(({ info }) => info ?? {})),
    done: Promise.race(started.map(({ done }) => done)),
    stats: () => merged(started.map((part) => part.stats?.() ?? {})),
    answers: merged(started.map(({ answers }) => answers ?? {})),
    ready: () => started.every((part) => part.ready?.() ?? true),
    async caughtUp() {
      await Promise.all(started.map((part) => part.caughtUp?.() ?? Promise.resolve()))
    },
    stop,
  }
}

const merged = <T>(all: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.fromEntries(all.flatMap((each) => Object.entries(each)))

const runsIn =
  (roles: readonly StoreRole[]) =>
  (part: Part): boolean =>
    part.roles.some((role) => roles.includes(role))

/** Starts all jobs of the process under one budget; signals wake the jobs that wait for them. */
function startWork(jobs: readonly Job[], { clock, logger, metrics, signals }: PartContext): RunningPart {
  const running = startJobs({ jobs, clock, logger, metrics })
  for (const event of new Set(jobs.flatMap(({ wakesOn }) => wakesOn ?? [])))
    signals.on(event, () => running.wake(event))
  return running
}
