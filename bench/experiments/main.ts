/**
 * `playloop bench experiments [--only assignment|cells|counts|units|first|live] [--units N] [--known N] [--events N]`: what it costs to assign, to judge and
 * to keep outcomes, and how soon an event stands in an interval. One JSON object, a line of progress for each part on
 * stderr.
 */
import { parseArgs } from 'node:util'
import { assignment } from './assignment.ts'
import { cells, counts } from './cells.ts'
import { live } from './live.ts'
import { firstExposures, units } from './units.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    units: { type: 'string', default: '1000000' },
    known: { type: 'string', default: '10000000' },
    fresh: { type: 'string', default: '500000' },
    events: { type: 'string', default: '120' },
  },
})
const tell = (text: string): void => void process.stderr.write(`${text}\n`)
const PARTS: Readonly<Record<string, () => object | Promise<object>>> = {
  assignment,
  cells,
  counts,
  units: () => units(Number(values.units), tell),
  first: () => firstExposures(Number(values.known), Number(values.fresh), tell),
  live: () => live(Number(values.events), tell),
}
const wanted = values.only === undefined ? Object.keys(PARTS) : values.only.split(',')
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  tell(`there is no part "${unknown.join(', ')}": one of ${Object.keys(PARTS).join(', ')}`)
  process.exit(2)
}
const seen: Record<string, object> = {}
for (const name of wanted) {
  tell(name)
  seen[name] = await PARTS[name]!()
}
process.stdout.write(`${JSON.stringify({ bench: 'experiments', ...seen }, null, 2)}\n`)
