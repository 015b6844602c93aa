import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Definition, ListedSession, MetricsAnswer, SessionsAnswer } from '../shell/answers.ts'
import { filtersOf } from '../shell/filters.ts'
import { clockTime } from '../shell/format.ts'
import { DEFAULTS, listPath, numberPath } from './question.ts'
import { headline, sumRows } from './view.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const rebuffering: Definition = {
  id: 'rebuffer_ratio:cta2066',
  title: 'Rebuffer ratio',
  definition: '',
  unit: 'ratio',
  scale: 1,
  better: 'lower',
  loss: '',
  distribution: false,
  source: 'CTA-2066',
  population: 'session',
  booked_to: 'start',
  estimator: 'ratio',
  time: 'start',
}
const part = { metric: rebuffering.id, numerator: 30, denominator: 1_000 }
const number: MetricsAnswer = {
  clock: 'world',
  interval: null,
  from: T0,
  to: T0 + 60_000,
  watermark: T0,
  answers: [
    {
      time: 'start',
      rows: [
        {
          dimensions: {},
          period: 0,
          at: 0,
          sessions: 3,
          completeness: 1,
          hidden_ms: 0,
          values: [{ ...part, value: 0.03, low: 0.03, high: 0.05 }],
        },
      ],
    },
  ],
}
const list = (more: Partial<SessionsAnswer> = {}): SessionsAnswer => ({
  clock: 'world',
  from: T0,
  to: T0 + 60_000,
  watermark: T0,
  sessions: [],
  sums: { sessions: 3, parts: [part] },
  next: null,
  ...more,
})
const shown = [{ parts: [{ ...part, numerator: 20, denominator: 400 }] } as unknown as ListedSession]

describe('the list behind a number', () => {
  it('is asked for in the words of the address; a period that was not chosen ends at the present', () => {
    const told = (chosen: Readonly<Record<string, string>>, filters: readonly string[] = []) => ({
      get: (name: string): string => chosen[name] ?? (DEFAULTS as Record<string, string>)[name] ?? '',
      all: () => filters,
    })
    const query = (path: string): Record<string, string[]> =>
      Object.fromEntries(
        [...new URL(path, 'http://pages').searchParams.keys()].map((name) => [
          name,
          new URL(path, 'http://pages').searchParams.getAll(name),
        ]),
      )
    assert.deepEqual(query(numberPath(told({}), T0)), {
      clock: ['world'],
      from: [String(T0 + 1 - 3_600_000)],
      to: [String(T0 + 1)],
      metric: ['attempts:playloop'],
    })
    assert.deepEqual(
      query(
        listPath(
          told({ from: '5', to: '9', metric: 'm:x', time: 'open', order: 'start' }, ['country:DE', 'country:FR']),
          T0,
          'next',
        ),
      ),
      {
        clock: ['world'],
        from: ['5'],
        to: ['9'],
        filter: ['country:DE', 'country:FR'],
        metric: ['m:x'],
        time: ['open'],
        order: ['start'],
        limit: ['50'],
        cursor: ['next'],
      },
    )
    assert.deepEqual(
      query(numberPath(told({ to: 'soon' }), T0))['to'],
      ['soon'],
      'nonsense goes to the API, which says what is wrong with it',
    )
    assert.equal(query(numberPath(told({}), undefined))['from'], undefined)
  })

  it('says what it is the list of', () => {
    const filters = filtersOf(['country:DE', 'country:FR', 'error_code:a:b'])
    assert.equal(
      headline(rebuffering, number, list(), filters),
      `Rebuffer ratio 3.00 %: 3 sessions of country DE or FR, error code a:b begun from ${clockTime(T0)} to ${clockTime(T0 + 60_000)}`,
    )
    assert.equal(
      headline(rebuffering, { ...number, answers: [] }, list({ sums: { sessions: 0, parts: [] } }), []),
      `No session from ${clockTime(T0)} to ${clockTime(T0 + 60_000)}`,
    )
    assert.equal(headline(rebuffering, number, list({ watermark: null }), []), 'Nobody was heard on this clock')
  })

  it('compares the number with the sum of all its pages, and says so where they differ', () => {
    const rows = (answer: SessionsAnswer) => sumRows(rebuffering, number, answer, shown)
    assert.deepEqual(rows(list()), [
      ['The number', '3.00 %', '3.00 % to 5.00 %', '30', '1,000', '3'],
      ['Sum of all listed sessions', { text: 'equal', state: 'good' }, '', '30', '1,000', '3'],
      ['The 1 shown below', '', '', '20', '400', '1'],
    ])
    for (const sums of [
      { sessions: 3, parts: [{ ...part, numerator: 31 }] },
      { sessions: 3, parts: [{ ...part, denominator: 9 }] },
      { sessions: 4, parts: [part] },
    ]) {
      assert.deepEqual((rows(list({ sums }))[1] as unknown[])[1], {
        text: 'not equal: this is a fault, please report it',
        state: 'bad',
      })
    }
  })
})
