import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCheckpoint, withCurrentIds } from './checkpoint.ts'

const MONITOR =
  '{"clock":"live","detector":{"open":[],"last":null,"settled":null,"learned":3,"history":{},"versions":{},"model":{"level":[],"factors":{},"most":{}},"dispersion":[],"season":{},"tracks":{}},"incidents":{"all":[],"next":4}}'
/** Written by the version before: form 1. */
const OLD = `{"form":1,"monitor":${MONITOR},"telling":{"told":{"live-3":{"count":2,"as":"acknowledged oca=c001.us"}},"outbox":[{"id":"live-3:2","incident":"live-3","body":{"type":"incident.acknowledged","id":"live-3:2"}}]}}`

describe('a stored checkpoint', () => {
  it('of the version before is read whole: nothing is notified again, and nothing is lost that waits', () => {
    const { notifications, ...read } = readCheckpoint({ version: 7, state: OLD })!
    assert.deepEqual(read, { version: 7, bytes: Buffer.byteLength(OLD), monitor: JSON.parse(MONITOR) as unknown })
    assert.deepEqual(notifications.sent, { 'live-3': { count: 2, as: 'acknowledged oca=c001.us' } })
    assert.deepEqual(
      notifications.outbox.map(({ id }) => id),
      ['live-3:2'],
    )
  })

  it('of this version is read as it was written', () => {
    const notifications = { sent: { 'live-1': { count: 1, as: 'open ' } }, outbox: [] }
    const state = `{"form":2,"monitor":${MONITOR},"notifications":${JSON.stringify(notifications)}}`
    assert.deepEqual(readCheckpoint({ version: 8, state })?.notifications, notifications)
  })

  it('of a form that is not known is not read', () => {
    assert.equal(readCheckpoint({ version: 9, state: `{"form":3,"monitor":${MONITOR},"notifications":{}}` }), undefined)
    assert.equal(readCheckpoint({ version: 9, state: OLD.replace('"form":1', '"form":0') }), undefined)
  })

  it('names metrics by the ids of today', () => {
    const checkpoint = readCheckpoint({ version: 7, state: OLD })!
    const { monitor } = checkpoint
    const incident = { id: 'live-3', metric: 'ebvs_rate', metrics: ['ebvs_rate'], evidence: [{ metric: 'ebvs_rate' }] }
    const open = { ...checkpoint, monitor: { ...monitor, incidents: { ...monitor.incidents, all: [incident] } } }
    const [now] = withCurrentIds(open as never).monitor.incidents.all
    assert.deepEqual(
      [now!.metric, now!.metrics, now!.evidence.map(({ metric }) => metric)],
      ['ebvs_rate.minute:playloop', ['ebvs_rate.minute:playloop'], ['ebvs_rate.minute:playloop']],
    )
  })
})
