// The thread of heartbeat.ts. It has no event loop of its own: it sleeps in shared memory. Plain JavaScript, because
// what reads types away would take twenty times the memory of the thread itself.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/** @type {import('./heartbeat.ts').HeartbeatData} */
const { role, heldLimitMs, fd, shared, slots, beatMs, pausedMs, lines } = workerData

/** @param {string} line */
function tell(line) {
  try {
    if (fd !== undefined) writeSync(fd, `${line}\n`)
  } catch {
    // The supervisor is gone; the event loop hears that from its own channel.
  }
}

/** Ends this process as the supervisor would: a loop that never comes back runs no handler either. */
function end(heldMs) {
  tell(`${lines.held} ${heldMs}`)
  const line = { level: 60, time: new Date().toISOString(), role, heldMs, code: 'PROCESS_HELD' }
  writeSync(2, `${JSON.stringify({ ...line, msg: 'the event loop is held: this process ends' })}\n`)
  process.kill(process.pid, 'SIGKILL')
}

let [beats, moved, last] = [-1, performance.now(), performance.now()]
while (Atomics.wait(shared, slots.stopped, 0, beatMs) === 'timed-out') {
  const now = performance.now()
  const isPaused = now - last > pausedMs
  last = now
  // Until it is watched, and after a pause of the whole process or machine, the loop has its full time.
  if (isPaused || Atomics.load(shared, slots.watching) === 0 || Atomics.load(shared, slots.beats) !== beats) moved = now
  beats = Atomics.load(shared, slots.beats)
  tell(lines.beat)
  if (now - moved > heldLimitMs) end(Math.round(now - moved))
}
