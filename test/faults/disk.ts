import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A small file system of its own, mounted on a folder. */
export type DiskKind = 'tmpfs' | 'ext4'

const call = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/**
 * Mounts a disk of so many MB on a folder; returns what unmounts it. Undefined where mounting is not allowed, which
 * needs root.
 */
export function mountDisk(kind: DiskKind, folder: string, megabytes: number): (() => void) | undefined {
  mkdirSync(folder, { recursive: true })
  const image = `${folder}.img`
  try {
    if (kind === 'tmpfs') call('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'playloop-test', folder)
    else {
      call('truncate', '-s', `${megabytes}M`, image)
      call('mkfs.ext4', '-q', '-m', '0', '-F', image)
      call('mount', '-o', 'loop', image, folder)
    }
  } catch {
    rmSync(image, { force: true })
    return undefined
  }
  return () => {
    // A process that a failed test left may still have files open.
    call('umount', '--lazy', folder)
    rmSync(image, { force: true })
  }
}

/** Something that keeps a disk nearly full, in a process of its own. */
export interface Squeeze {
  /** From now on between 0 and so many bytes are free. */
  upTo(bytes: number): void
  /** Gives the room back. */
  stop(): Promise<void>
}

/** Lets the free space of a folder's disk swing between 0 and `bytes`, every 5 to 65 ms. */
export async function squeeze(folder: string, bytes: number): Promise<Squeeze> {
  const child = fork(join(import.meta.dirname, 'squeeze-child.ts'), [folder, String(bytes)])
  const ended = once(child, 'exit')
  await once(child, 'message')
  return {
    upTo: (most) => void child.send(`most ${most}`),
    async stop() {
      if (child.connected) child.send('stop')
      await ended
    },
  }
}
