import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openWebhook, type Posted } from './webhook.ts'

const MESSAGE = { id: 'live-1:1', body: '{"type":"incident.opened"}', timestamp: 1_795_000_000 }

describe('webhook', () => {
  const got: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = []
  let status = 200
  const server = createServer((request, response) => {
    void request
      .setEncoding('utf8')
      .toArray()
      .then((parts) => {
        got.push({ headers: request.headers, body: parts.join('') })
        response.writeHead(status, { location: '/elsewhere' }).end('thanks')
      })
  })
  let url = ''
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  })
  after(() => server.close())
  const fateOf = async (answer: number): Promise<Posted['fate']> => {
    status = answer
    return (await openWebhook(url, '')(MESSAGE)).fate
  }

  it('is signed as Standard Webhooks says, with the key behind whsec_ or the text itself', async () => {
    const key = Buffer.from('a key of twenty-four bytes')
    await openWebhook(url, `whsec_${key.toString('base64')}`)(MESSAGE)
    await openWebhook(url, 'plain')(MESSAGE)
    const expected = (secret: Buffer | string): string =>
      `v1,${createHmac('sha256', secret).update(`${MESSAGE.id}.${MESSAGE.timestamp}.${MESSAGE.body}`).digest('base64')}`
    assert.deepEqual(
      got.map(({ headers }) => headers['webhook-signature']),
      [expected(key), expected('plain')],
    )
    assert.deepEqual(
      [got[0]!.headers['webhook-id'], got[0]!.headers['webhook-timestamp'], got[0]!.body],
      [MESSAGE.id, String(MESSAGE.timestamp), MESSAGE.body],
    )
  })

  it('is taken, refused or to be sent again, as the receiver answers; it follows no redirect', async () => {
    for (const [answer, fate] of [
      [200, 'taken'],
      [204, 'taken'],
      [400, 'refused'],
      [410, 'refused'],
      [302, 'refused'],
      [429, 'away'],
      [500, 'away'],
      [503, 'away'],
    ] as const)
      assert.equal(await fateOf(answer), fate, String(answer))
    assert.equal(got.at(-1)!.headers['webhook-signature'], undefined)
  })

  it('to nobody is to be sent again, with the reason', async () => {
    const { fate, reason } = await openWebhook('http://127.0.0.1:1/hook', '')(MESSAGE)
    assert.equal(fate, 'away')
    assert.notEqual(reason, '')
  })
})
