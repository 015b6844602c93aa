/**
 * `playloop eval planted [--seeds N] [--first N] [--sessions N]`: experiments of the world with effects that the engine
 * is not told of, a world a seed: start-up
 * about 15 % shorter in one arm of one, stalls only on slow lines in one arm of another. Is it found, in the right
 * metric and slice; what else is "found"; and does the tail show where the median does not?
 */
import { parseArgs } from 'node:util'
import { findings, type Finding } from './findings.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '5000' },
  },
})
const [seeds, first, sessions] = [Number(values.seeds), Number(values.first), Number(values.sessions)]
const all: Finding[] = []
for (let seed = first; seed < first + seeds; seed++) {
  const finding = await findings(seed, sessions)
  all.push(finding)
  process.stderr.write(`seed ${seed}: ${JSON.stringify(finding)}\n`)
}
const share = (is: (finding: Finding) => boolean): number => Number((all.filter(is).length / all.length).toFixed(3))
const falseShare = (finding: Finding): number =>
  finding.discoveries === 0 ? 0 : finding.falseDiscoveries / finding.discoveries
process.stdout.write(
  `${JSON.stringify({
    eval: 'planted',
    seeds,
    sessionsPerDay: sessions,
    unitsOfStartup: Math.round(all.reduce((sum, { unitsOfStartup }) => sum + unitsOfStartup, 0) / all.length),
    startup: {
      found: share(({ startupFound }) => startupFound),
      effect: Number((all.reduce((sum, { startupEffect }) => sum + startupEffect, 0) / all.length).toFixed(4)),
    },
    stalls: {
      foundInSlice: share(({ stallsFoundInSlice }) => stallsFoundInSlice),
      foundInWholeOnly: share(
        ({ stallsFoundInSlice, stallsFoundInWhole }) => stallsFoundInWhole && !stallsFoundInSlice,
      ),
    },
    tail: { shown: share(({ tailShown }) => tailShown), medianSilent: share(({ medianSilent }) => medianSilent) },
    falseDiscoveryRate: Number((all.reduce((sum, finding) => sum + falseShare(finding), 0) / all.length).toFixed(4)),
    nullCells: all.reduce((sum, { nullCells }) => sum + nullCells, 0),
    falseDiscoveries: all.reduce((sum, { falseDiscoveries }) => sum + falseDiscoveries, 0),
  })}\n`,
)
