import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { beat, collector, ndjson, URL } from './harness.ts'
import { networkOf, senderNumber } from './sender.ts'

describe('senders', () => {
  it('are an IPv4 address, or the first 64 bits of an IPv6 address', () => {
    assert.equal(networkOf('198.51.100.7'), '198.51.100.7')
    assert.equal(networkOf('::ffff:198.51.100.7'), '198.51.100.7')
    assert.equal(networkOf('2001:DB8:0:1::7'), '2001:db8:0:1')
    assert.equal(networkOf('2001:db8:0:1:ffff::8'), '2001:db8:0:1')
    assert.equal(networkOf('2001:db8::8'), '2001:db8:0:0')
    assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0')
    assert.equal(networkOf('::1'), '0:0:0:0')
  })

  it('have numbers that fit into 16 bits, are never 0 and spread evenly', () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => senderNumber(`open 10.${i % 7}.${i >> 8}.${i & 255}`))
    assert.ok(numbers.every((number) => number >= 1 && number <= 65_535))
    // Of 20,000 balls in 65,535 boxes, about 17,230 boxes have one.
    assert.ok(new Set(numbers).size > 16_500, `${new Set(numbers).size} of 20,000 differ`)
  })

  it('stand in telemetry as the collector saw them, whatever the record says', async () => {
    const { app, stored } = await collector()
    const post = (remoteAddress: string, event: object): Promise<{ statusCode: number; body: string }> =>
      app.inject({
        method: 'POST',
        url: URL,
        remoteAddress,
        headers: { 'content-type': 'application/x-ndjson' },
        payload: ndjson(event as Record<string, unknown>),
      })
    await post('198.51.100.7', beat())
    await post('198.51.100.7', beat())
    await post('203.0.113.9', beat())
    const senders = stored().map((record) => record['sender'])
    assert.deepEqual(senders, [senders[0], senders[0], senderNumber('open 203.0.113.9')])
    assert.notEqual(senders[0], senders[2])
    assert.match((await post('198.51.100.7', beat({ sender: 7 }))).body, /field_reserved/)
  })
})
