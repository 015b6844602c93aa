import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { absent, readReference } from '../testing.ts'
import { beta, chiSquared, fisher, logGamma, normal, student } from './index.ts'

const FILE = 'dist-golden-scipy.json'
const BAR = 1e-10
/** 41 of the reference values are 0 in a double; whatever is smaller than this is as small. */
const NOTHING = 1e-300

const FUNCTIONS: Readonly<Record<string, (...args: number[]) => number>> = {
  'norm.ppf': normal.quantile, 'norm.cdf': normal.cdf,
  't.ppf': student.quantile, 't.cdf': student.cdf,
  'chi2.ppf': chiSquared.quantile, 'chi2.cdf': chiSquared.cdf, 'chi2.sf': chiSquared.sf,
  'f.ppf': fisher.quantile, 'f.cdf': fisher.cdf,
  'beta.ppf': beta.quantile, 'beta.cdf': beta.cdf,
  gammaln: logGamma,
}

describe('distributions beside reference values', { skip: absent(FILE) }, () => {
  it('all 978 agree', () => {
    const { cases } = readReference(FILE) as { cases: [name: string, args: number[], value: number][] }
    assert.equal(cases.length, 978)
    const faults = cases.flatMap(([name, args, value]) => {
      const seen = FUNCTIONS[name]!(...args)
      const error = Math.abs(seen - value)
      return error <= NOTHING || error <= BAR * Math.abs(value) ? [] : [`${name}(${args.join(', ')}) = ${seen}, wanted ${value}`]
    })
    assert.deepEqual(faults, [])
  })
})
