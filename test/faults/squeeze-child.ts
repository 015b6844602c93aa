/**
 * Keeps the free space of a file system swinging: `fork('squeeze-child.ts', [FOLDER, MOST_BYTES])`. Says 'squeezing',
 * answers 'most N' by another upper bound, and gives everything back when it is told 'stop' or loses its parent.
 */
import { closeSync, ftruncateSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [folder = '', bytes = '0'] = process.argv.slice(2)
const file = join(folder, 'ballast')
const ballast = openSync(file, 'w')
const zeros = Buffer.alloc(1_048_576)
let [size, most, stopped] = [0, Number(bytes), false]

function free(): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Takes or gives room until so many bytes are free. */
function leave(target: number): void {
  const more = free() - target
  if (more < 0) {
    size = Math.max(0, size + more)
    ftruncateSync(ballast, size)
    return
  }
  try {
    for (let left = more; left > 0;) {
      const written = writeSync(ballast, zeros, 0, Math.min(left, zeros.length), size)
      size += written
      left -= written
    }
  } catch {
    // Others were faster: the disk is full.
  }
}

process.on('message', (message) => {
  const [word, value] = String(message).split(' ')
  if (word === 'stop') stopped = true
  else if (word === 'most') most = Number(value)
})
process.on('disconnect', () => {
  stopped = true
})
leave(0)
process.send?.('squeezing')
for (let round = 0; !stopped; round++) {
  leave(round % 2 === 0 ? Math.floor(Math.random() * most) : 0)
  await sleep(5 + Math.random() * 60)
}
closeSync(ballast)
rmSync(file, { force: true })
process.exit(0)
