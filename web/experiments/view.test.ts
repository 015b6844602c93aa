import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changeText, judge, reachOf } from '../chart/effect.ts'
import type { OverviewRow } from '../shell/answers.ts'
import { experimentRow, headline } from './view.ts'

const row = (over: Partial<OverviewRow> = {}): OverviewRow => ({
  id: 'x',
  name: 'Bigger buttons',
  state: 'running',
  killed: false,
  clock: 'live',
  unit: 'profile',
  owner: 'ada',
  tags: [],
  variations: ['control', 'big'],
  startedAt: 0,
  stoppedAt: null,
  days: 3.21,
  units: 12_345,
  primary: {
    metric: 'm',
    name: 'Watch time',
    better: 'up',
    relative: { effect: 0.04, se: 0.01, interval: [0.02, 0.06] },
  },
  healthy: true,
  verdict: 'keep running',
  headline: 'Keep running.',
  ...over,
})
const listed = (experiments: readonly OverviewRow[]) => headline({ experiments, total: experiments.length }, '')

describe('the list of experiments', () => {
  it('says first what somebody has to do', () => {
    assert.equal(listed([row(), row()]), 'Nothing to decide: 2 experiments keep running')
    const [ship, back] = [
      row({ verdict: 'ship', headline: 'Ship “big”.' }),
      row({ name: 'Autoplay', verdict: 'roll back', headline: 'Roll back “on”.' }),
    ]
    assert.equal(listed([row(), ship]), 'One experiment waits for you, Bigger buttons: Ship “big”.')
    assert.equal(listed([ship, back]), '2 experiments wait for you, first Autoplay: Roll back “on”.')
    assert.equal(listed([row({ state: 'stopped', verdict: 'ship' })]), 'No experiment is running')
    assert.match(listed([]), /^No experiment yet/)
    assert.equal(headline({ experiments: [], total: 0 }, 'x'), 'No experiment is called “x”')
  })

  it('shows how each stands, and does not show what there is not', () => {
    const texts = experimentRow(row(), () => undefined).map((cell) => (typeof cell === 'string' ? cell : cell.text))
    assert.deepEqual(texts, [
      'Bigger buttons',
      'running',
      'keep running',
      'Watch time',
      '+4.00 % ± 2.00 %',
      '3.2',
      '12.3 k',
      'sound',
      'ada',
    ])
    const draft = experimentRow(row({ state: 'draft', primary: null, healthy: null, days: null }), () => undefined)
    assert.deepEqual(
      draft.slice(3, 8).map((cell) => (typeof cell === 'string' ? cell : cell.text)),
      ['', 'not yet', '', '12.3 k', ''],
    )
  })
})

describe('an effect', () => {
  it('is judged only where its whole interval is on one side', () => {
    assert.deepEqual(
      [judge([0.01, 0.02], 'up'), judge([0.01, 0.02], 'down'), judge([-0.02, -0.01], 'down'), judge([-1, 1], 'up')],
      ['good', 'bad', 'good', 'unknown'],
    )
    assert.equal(judge([null, null], 'up'), 'unknown')
  })

  it('is said with its half-width, or with its ends where one is open', () => {
    assert.equal(changeText(-0.123, [-0.15, -0.096]), '−12.3 % ± 2.70 %')
    assert.equal(changeText(0.1, [0.02, null]), '+10.0 % (+2.00 % to open)')
    assert.equal(
      reachOf([
        [-0.3, 0.1],
        [null, 0.2],
      ]),
      0.3,
    )
    assert.equal(reachOf([]), 0.01)
  })
})
