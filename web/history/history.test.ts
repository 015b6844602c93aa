import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { behind } from './links.ts'
import { cellsOf, changeOf, impactOf, seriesOf, type Figure } from './answer.ts'
import { cellsPath, filtersOf, moved, seriesPath, viewOf, wholePath } from './question.ts'
import { answer, chosen, figure, HOUR_MS, row, T0, view } from './testing.ts'

describe('a question', () => {
  it('ends on a whole step after the present, and is cut into as many steps as a chart parts', () => {
    assert.deepEqual([view.from, view.to, view.step], [T0 - HOUR_MS, T0, 30_000])
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.constantFrom('15m', '1h', '6h', '1d', '7d', '30d'),
        (watermark, range) => {
          const { from, to, step } = viewOf(chosen({ range }), watermark)
          assert.ok(
            to > watermark &&
              to - watermark <= step &&
              to % step === 0 &&
              from % step === 0 &&
              (to - from) / step <= 120,
          )
        },
      ),
    )
  })

  it('keeps a period that was chosen, as it is', () => {
    const { from, to, step } = viewOf(chosen({ from: '1000', to: '61001', range: '7d' }), T0)
    assert.deepEqual([from, to, step], [1_000, 61_001, 1_000])
  })

  it('is compared with a period of the same length', () => {
    const before = (compare: string, start = ''): number | undefined =>
      viewOf(chosen({ compare, compare_from: start }), T0 - 1).before
    assert.deepEqual(
      [before(''), before('before'), before('day'), before('week'), before('at', '5000'), before('at')],
      [undefined, T0 - 2 * HOUR_MS, T0 - 25 * HOUR_MS, T0 - 169 * HOUR_MS, 5_000, undefined],
    )
  })

  it('is asked in the words of the API', () => {
    const asked = viewOf(
      chosen({ by: 'country', by2: 'oca', by3: 'country', compare: 'before' }, [
        'country:DE',
        'country:a:b',
        'device:',
      ]),
      T0 - 1,
    )
    const query = (path: string): [string, string][] => [...new URLSearchParams(path.split('?')[1])]
    const scope = [
      ['clock', 'world'],
      ['metric', 'rebuffer_ratio:cta2066'],
      ['from', String(T0 - HOUR_MS)],
      ['to', String(T0)],
      ['filter', 'country:DE'],
      ['filter', 'country:a:b'],
      ['filter', 'device:'],
      ['compare_from', String(T0 - 2 * HOUR_MS)],
    ]
    assert.deepEqual(query(cellsPath(asked)), [
      ...scope,
      ['group', 'country'],
      ['group', 'oca'],
      ['sort', 'negative_impact'],
      ['limit', '201'],
    ])
    assert.deepEqual(query(seriesPath(asked)), [...scope, ['interval', '30000']])
    assert.deepEqual(query(wholePath(asked)).slice(-1), [['histogram', 'true']])
    assert.deepEqual(filtersOf(asked, { country: 'FR' }), { country: ['FR'], device: [''] })
  })

  it('moves by half its length, and widens to double', () => {
    assert.deepEqual(
      [moved({ from: 100, to: 200 }, -1), moved({ from: 100, to: 200 }, 1), moved({ from: 100, to: 200 }, 'wider')],
      [
        { from: 50, to: 150 },
        { from: 150, to: 250 },
        { from: 50, to: 250 },
      ],
    )
  })
})

describe('an answer', () => {
  it('has a place for each step, and nothing where nothing was heard', () => {
    const asked = { from: T0, to: T0 + 90_000, step: 30_000, before: T0 - HOUR_MS }
    const { times, points } = seriesOf(
      answer(
        row({}, 1, 10),
        row({}, 2, 10, { at: T0 + 60_000 }),
        row({}, 3, 10, { at: T0 - HOUR_MS + 30_000, period: 1 }),
      ),
      asked,
    )
    assert.deepEqual(times, [T0, T0 + 30_000, T0 + 60_000])
    assert.deepEqual(
      points.map(({ now, before }) => [now?.value, before?.value]),
      [
        [0.1, undefined],
        [undefined, 0.3],
        [0.2, undefined],
      ],
    )
  })

  it('impacts of cells that part the whole sum to nothing, and those of better metrics are mirrored', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 })), { minLength: 1, maxLength: 8 }),
        (parts) => {
          const rows = parts.map(([n, d], i) => row({ country: String(i) }, n, d))
          const [n, d] = [parts.reduce((sum, [each]) => sum + each, 0), parts.reduce((sum, [, each]) => sum + each, 0)]
          const whole = { now: { ...figure(n / d), numerator: n, denominator: d }, before: undefined }
          for (const better of ['lower', 'higher'])
            assert.ok(
              Math.abs(
                cellsOf(answer(...rows), whole, { better, time: 'start' }).reduce(
                  (sum, { impact }) => sum + impact!,
                  0,
                ),
              ) <
                1e-9 * Math.max(1, n),
            )
          const [lower, higher] = ['lower', 'higher'].map((better) =>
            cellsOf(answer(...rows), whole, { better, time: 'start' }).map(({ impact }) => impact!),
          )
          assert.deepEqual(
            lower!.toSorted((a, b) => a - b),
            higher!.map((impact) => 0 - impact).toSorted((a, b) => a - b),
          )
        },
      ),
    )
    assert.equal(
      impactOf({ ...figure(5), denominator: 0 }, { ...figure(9), denominator: 0 }, 'lower'),
      null,
      'what is counted has none',
    )
  })

  it('lists a cell that only the other period has', () => {
    const cells = cellsOf(
      answer(row({ oca: 'a' }, 1, 10), row({ oca: 'b' }, 2, 10, { period: 1 })),
      { now: figure(0.1), before: undefined },
      { better: 'lower', time: 'start' },
    )
    assert.deepEqual(
      cells.map(({ dimensions, now, before }) => [dimensions['oca'], now?.value, before?.value]),
      [
        ['a', 0.1, undefined],
        ['b', undefined, 0.2],
      ],
    )
  })

  it('parts those who are there at a moment without an impact, and leads to who was open', () => {
    const cells = cellsOf(
      answer(row({ oca: 'a' }, 1, 10), row({ oca: 'b' }, 2, 10)),
      { now: figure(0.3), before: undefined },
      { better: 'unknown', time: 'moment' },
    )
    assert.deepEqual(
      cells.map(({ impact }) => impact),
      [null, null],
    )
    const [asked, open] = [false, true].map(
      (each) => new URLSearchParams(behind({ ...view, open: each }).split('?')[1]),
    )
    assert.deepEqual(
      [asked!.get('time'), asked!.get('metric'), open!.get('time'), open!.get('metric')],
      [null, view.metric, 'open', null],
    )
  })

  it('says worse or better only where missing telemetry or few sessions could not make it', () => {
    const of = (now: Figure, before: Figure, better = 'lower'): string | undefined => changeOf({ now, before }, better)
    assert.deepEqual(
      [of(figure(0.3), figure(0.2)), of(figure(0.2), figure(0.3)), of(figure(0.3), figure(0.2), 'higher')],
      ['worse', 'better', 'better'],
    )
    assert.deepEqual(
      [
        of(figure(0.3, [0.1, 0.5]), figure(0.2)),
        of(figure(0.3, [0.3, null]), figure(0.2)),
        of(figure(0.3), figure(0.2, [0.2, null])),
      ],
      [undefined, 'worse', undefined],
    )
    assert.deepEqual(
      [
        of(figure(0.3, [0.3, 0.3], 24), figure(0.2)),
        of(figure(0.201), figure(0.2)),
        of(figure(0.3), figure(0.2), 'unknown'),
      ],
      [undefined, undefined, undefined],
    )
  })
})
