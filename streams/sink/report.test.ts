import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openMetrics } from '../../platform/metrics.ts'
import { createReport } from './report.ts'

describe('what the sink tells of itself', () => {
  it('counts as under way what nobody has landed: not what was landed before a restart', () => {
    const [report, at] = [createReport(openMetrics()), { topic: 'catalog.titles', partition: 0 }]
    report.assigned([at])
    report.begun(at, 3_201)
    assert.equal(report.stats().lagTotal, 0)
    report.fetched(at, 3_201, 3_201)
    assert.equal(report.stats().lag, 0)
    report.fetched(at, 3_201, 3_300)
    assert.deepEqual(
      report.stats().partitions.map(({ committed, end, lag }) => [committed, end, lag]),
      [[3_201, 3_300, 99]],
    )
  })
})
