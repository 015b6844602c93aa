import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { systemClock } from '../../platform/clock.ts'
import { openIntake } from '../../producers/collector/intake.ts'
import { Batch } from '../../producers/collector/batch.ts'
import { readNdjson } from '../../producers/collector/parse/ndjson.ts'
import { DuplicateCache } from '../../producers/collector/duplicates.ts'
import { deliverTo } from '../../producers/collector/delivery.ts'
import { eventOf } from './events.ts'
const intake = openIntake('playback.telemetry', openCatalogue())
const batch = new Batch(2000)
const body = Buffer.from(Array.from({ length: 100 }, (_, i) => JSON.stringify(eventOf('sparse', i))).join('\n'))
const ids: number[] = []; for (let at = body.indexOf('98c4-'); at !== -1; at = body.indexOf('98c4-', at + 1)) ids.push(at + 5)
let n = 0
const renew = () => { for (const at of ids) body.write((n++).toString(16).padStart(12, '0'), at, 12, 'latin1') }
const stamp = { receivedTime: 1790000100000, skew: null }
const deliver = deliverTo({ send: async () => {}, close: async () => {} }, new DuplicateCache(200000))
const lines = () => { let from = 0, c = 0; while (from < body.length) { let nl = body.indexOf(10, from); if (nl < 0) nl = body.length; c++; from = nl + 1 } return c }
const stages: Record<string, () => unknown> = {
  renew, lines,
  parse: () => { batch.reset(); readNdjson(body, intake.encoder, stamp, batch) },
  jsonparse: () => { for (const l of body.toString().split('\n')) JSON.parse(l) },
  all: () => { renew(); batch.reset(); readNdjson(body, intake.encoder, stamp, batch); void deliver(intake, batch).outcome() },
}
if (process.env.ONE) { const f = stages[process.env["ONE"]]!; const N = Number(process.env.N); for (let k = 0; k < N; k++) { f(); if (k % 50 === 0) await null }; process.exit() }
const best: Record<string, number> = {}
for (let r = 0; r < 12; r++) for (const [name, fn] of Object.entries(stages)) {
  const t = process.cpuUsage(); for (let k = 0; k < 200; k++) fn(); const u = process.cpuUsage(t); best[name] = Math.min(best[name] ?? 1e9, (u.user + u.system) / 20000)
  await null
}
console.log(best)
