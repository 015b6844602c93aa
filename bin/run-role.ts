import { lastStats, serveParent } from '../platform/process/child.ts'
import { startHeartbeat } from '../platform/process/heartbeat.ts'
import { takeHeartbeatFd } from '../platform/process/run-child.ts'
import { createShutdown, onSignals } from '../platform/shutdown.ts'
import type { Arguments } from '../platform/cli/flags.ts'
import type { Role, RoleContext, StartedRole } from '../platform/role.ts'

// Time limit for draining; after it there is nobody left to hand over to.
const DRAIN_LIMIT_MS = 20_000

/** Runs a role until a signal or its supervisor stops it, the supervisor dies, or the role fails. */
export async function runRole(name: string, role: Role, args: Arguments, ctx: RoleContext): Promise<number> {
  const heartbeat = startHeartbeat({ role: name, fd: takeHeartbeatFd() })
  const shutdown = createShutdown(ctx.logger)
  onSignals(shutdown, ctx.logger, DRAIN_LIMIT_MS)
  const stopped = Promise.withResolvers<void>()
  let started: StartedRole | undefined
  const stop = async (reason: string): Promise<void> => {
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref()
    if (!process.connected && role.graceMs !== undefined) await ctx.clock.sleep(role.graceMs)
    await shutdown.run(reason)
    stopped.resolve()
  }
  const parent = serveParent({
    stop: (reason) => void stop(reason),
    stats: () => started?.stats?.() ?? {},
    // Looked up on each query, because nothing has started yet.
    answers: new Proxy({}, { get: (_, question) => started?.answers?.[String(question)] }),
  })
  try {
    started = await role.start(ctx, args)
    const running = started
    shutdown.step(name, async () => {
      await running.stop()
      await lastStats(running.stats?.() ?? {})
    })
    ctx.logger.info(running.info, `${name} is ready`)
    parent.ready(running.info)
    heartbeat.watch()
    await Promise.race([running.done, stopped.promise])
    // If one part of a role ends, the others are drained first: closing the engine under a running statement would
    // crash the process.
    if (!shutdown.signal.aborted) void stop('it has ended')
    await stopped.promise
    return 0
  } catch (error) {
    await parent.failed(error)
    throw error
  } finally {
    heartbeat.stop()
  }
}
