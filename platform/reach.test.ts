import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { lookupWithin, openReach } from './reach.ts'
import { isWebhookSecret, newWebhookSecret, openWebhook } from './webhook.ts'

describe('the reach of URLs that users give', () => {
  const reach = openReach([])
  const allows = (url: string, address: string, allowed: readonly string[] = []): boolean =>
    openReach(allowed).allows(new URL(url), address)

  it('is https to public addresses, and this machine when it is named', () => {
    for (const url of ['https://hooks.example.com/a', 'http://127.0.0.1:9000', 'http://localhost', 'https://[::1]:1'])
      assert.equal(reach.fault(url), undefined, url)
    for (const url of [
      'http://hooks.example.com',
      'ftp://hooks.example.com',
      'nothing',
      'https://user:word@hooks.example.com',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest/meta-data',
      'https://[fd00::1]/',
      'https://[::ffff:10.0.0.1]/',
      'https://0.0.0.0/',
      // Other ways to write addresses: the parser of URLs makes them plain.
      'https://0xa.1/x',
      'https://167772161/',
    ])
      assert.match(reach.fault(url) ?? '', /^must/, url)
  })

  it('is decided by the address that a name leads to, not by the name', () => {
    for (const address of ['8.8.8.8', '2606:4700::1111']) assert.ok(allows('https://a.example', address), address)
    for (const address of [
      ...[
        '127.0.0.1',
        '10.1.2.3',
        '172.31.0.1',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '0.0.0.0',
        '224.0.0.1',
      ],
      ...['::1', '::', 'fe80::1', 'fc00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1', ''],
    ])
      assert.equal(allows('https://a.example', address), false, address)
    assert.equal(allows('http://a.example', '8.8.8.8'), false)
    assert.equal(allows('http://localhost', '10.0.0.1'), false)
  })

  it('includes the networks that the operator allows', () => {
    assert.ok(allows('http://hooks.internal', '10.1.2.3', ['10.0.0.0/8']))
    assert.equal(allows('http://hooks.internal', '192.168.1.1', ['10.0.0.0/8']), false)
    assert.equal(openReach(['10.0.0.0/8']).fault('http://hooks.internal'), undefined)
  })

  it('refuses a name that leads here when it is looked up, unless the URL names this machine', async () => {
    const lookedUp = (url: string, all: boolean): Promise<unknown> =>
      new Promise((resolve, reject) => {
        lookupWithin(reach, new URL(url))('localhost', { all }, (error, found) =>
          error === null ? resolve(found) : reject(error),
        )
      })
    for (const all of [true, false]) {
      await assert.rejects(lookedUp('https://rebound.example', all), /no address that is allowed/)
      assert.match(JSON.stringify(await lookedUp('http://localhost', all)), /127\.0\.0\.1|::1/)
    }
  })

  it('holds for the connection: what the text of a URL refuses is not asked', async () => {
    let asked = 0
    const server = createServer((_, response) => void (asked++, response.end()))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const message = { id: '1', body: '{}', timestamp: 1 }
    const within = (url: string) => openWebhook(`${url}:${port}/`, '', reach)(message)
    assert.equal((await within('http://127.0.0.1')).fate, 'taken')
    const plain = await openWebhook(`http://127.0.0.1:${port}/`, '')(message)
    assert.equal(plain.fate, 'taken', 'the operator may name any receiver')
    const { fate, reason } = await openWebhook('https://10.0.0.1/', '', reach)(message)
    assert.equal(fate, 'away')
    assert.match(reason, /^the URL must be https to a public address/)
    assert.equal(asked, 2)
    server.close()
  })
})

describe('keys of webhooks', () => {
  it('are those of Standard Webhooks', () => {
    assert.ok(isWebhookSecret(newWebhookSecret()))
    for (const text of ['', 'plain', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${Buffer.alloc(65).toString('base64')}`])
      assert.equal(isWebhookSecret(text), false, text)
  })
})
