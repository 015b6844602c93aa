import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openGeo } from './mmdb.ts'

it('knows the country of an address of either kind, and of one told by a socket for both', async () => {
  const geo = await openGeo({ country: '', asn: '' })
  assert.equal(geo.country('8.8.8.8'), 'US')
  assert.equal(geo.country('::ffff:8.8.8.8'), 'US')
  assert.match(geo.country('2001:4860:4860::8888'), /^[A-Z]{2}$/)
})

it('says unknown of what is private, no address, or has no file', async () => {
  const geo = await openGeo({ country: '', asn: 'none' })
  for (const address of ['10.0.0.1', '127.0.0.1', '::1', 'x', '', '1.2.3'])
    assert.equal(geo.country(address), '', address)
  assert.equal(geo.asn('8.8.8.8'), 0)
  assert.equal((await openGeo({ country: 'none', asn: '' })).country('8.8.8.8'), '')
})

it('refuses at start what is no such file', async () => {
  await assert.rejects(openGeo({ country: 'none', asn: import.meta.filename }), { code: 'GEO_FILE' })
  await assert.rejects(openGeo({ country: '/no/such.mmdb', asn: '' }), { code: 'GEO_FILE' })
})
