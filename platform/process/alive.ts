import { readFileSync } from 'node:fs'

/** Whether a process with this id runs. A process of another user counts as running, a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return procStat(pid)?.state !== 'Z'
}

/**
 * Identifies a process even if its id is reused: the id and, on Linux, the clock tick at which it started. Empty if
 * there is no such process.
 */
export function processIdentity(pid: number): string {
  if (!isAlive(pid)) return ''
  return `${pid}@${procStat(pid)?.startTicks ?? ''}`
}

/**
 * Reads `/proc/PID/stat` if the system has it (Linux). Field 2 is the command in parentheses and may contain spaces, so
 * fields are counted from behind it.
 */
function procStat(pid: number): { state: string; startTicks: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
