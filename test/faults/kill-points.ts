import { setTimeout as sleep } from 'node:timers/promises'
import type { Generation } from '../../platform/kafka/group.ts'
import type { SinkPorts } from '../../streams/sink/sink.ts'

/** Where a sink can die; between two neighbours lies everything that a crash can interrupt. */
export const KILL_POINTS = ['after the intent', 'during the insert', 'after the insert', 'before the commit'] as const
/** 'before the insert': the statement is made, with its lease, and not sent. */
export type KillPoint = (typeof KILL_POINTS)[number] | 'before the insert'

export interface Kill {
  readonly point: KillPoint
  /** SIGKILL by default; SIGSTOP makes a zombie of it. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP'
  /** Passes of the point survived, plus one: 1 = the first. */
  readonly pass: number
  /** How long the insert may run before the kill, ms; a faster one is killed as it is acknowledged. */
  readonly delayMs: number
}

/** Stands between the sink and its ports, and ends this process as `kill -9` does, or freezes it. */
export function killAt(ports: SinkPorts, { point, pass, delayMs, signal = 'SIGKILL' }: Kill): SinkPorts {
  let passes = 0
  const reached = (here: KillPoint): boolean => here === point && ++passes === pass
  const die = (): void => void process.kill(process.pid, signal)
  return {
    ...ports,
    async insert(insert) {
      if (reached('before the insert')) die()
      const work = ports.insert(insert)
      if (reached('during the insert')) {
        // One that is refused (poison among its records) dies as well: else this life would have no end.
        await Promise.race([work.catch(() => undefined), sleep(delayMs)])
        die()
      }
      await work
      if (reached('after the insert')) die()
    },
    member: { ...ports.member, join: async () => killingGeneration(await ports.member.join(), reached, die) },
  }
}

function killingGeneration(generation: Generation, reached: (here: KillPoint) => boolean, die: () => void): Generation {
  const begun = new Set<string>()
  return {
    ...generation,
    get signal() {
      return generation.signal
    },
    async commit(at, next) {
      const place = `${at.topic}/${at.partition}`
      // The commit of an intent acknowledges the batch before it, when this process landed one.
      const acknowledges = next.metadata === '' || begun.has(place)
      if (acknowledges && reached('before the commit')) die()
      await generation.commit(at, next)
      if (next.metadata !== '') {
        begun.add(place)
        if (reached('after the intent')) die()
      }
    },
  }
}
