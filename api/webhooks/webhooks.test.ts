import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openRegistry } from '../../models/experiments/index.ts'
import { created } from '../../models/experiments/definitions/testing.ts'
import { manualClock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { silentLogger } from '../../platform/logger.ts'
import { seeded } from '../../platform/random.ts'
import { openReach } from '../../platform/reach.ts'
import { webhookHeaders } from '../../platform/webhook.ts'
import { openExperimentsApi, type ExperimentsApi, type Problem } from '../experiments/testing.ts'
import { deliver } from './delivery.ts'
import type { Listed } from './service.ts'
import { storeSubscription, subscriptions, type Delivery } from './stored.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

describe('webhooks', () => {
  let api: ExperimentsApi
  let store: Store
  let server: Server | undefined
  let port = 0
  const got: Received[] = []
  const clock = manualClock(Date.now())
  /** What a process does in a step, with nothing of its own but the store. */
  const step = (of: Store = store): Promise<number> =>
    deliver({ store: of, clock, logger: silentLogger, random: seeded(1), reach: openReach([]) })
  const receive = async (status = 200): Promise<void> => {
    server = createServer((request, response) => {
      void request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => {
          got.push({ headers: request.headers, body: parts.join('') })
          response.writeHead(status).end()
        })
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    port = (server.address() as AddressInfo).port
  }
  const kill = async (): Promise<void> => {
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
  }
  const ids = (): unknown[] => got.splice(0).map(({ headers }) => headers['webhook-id'])
  const request = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${api.url}/v1/webhooks${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  const register = async (id: string): Promise<void> =>
    assert.ok(await openRegistry(store).write({ ...created(), id, action: 'create' }))
  let secret = ''
  before(async () => {
    api = await openExperimentsApi()
    store = api.store
    await receive()
  })
  after(async () => {
    await kill()
    await api.close()
  })

  it('lead to public addresses by https or to this machine, and show their key once', async () => {
    const order = { by: 'ada', events: ['experiment.create'] }
    for (const url of ['https://10.0.0.1/', 'http://hooks.example.com/', 'file:///etc/passwd']) {
      const refused = await request('POST', '', { ...order, url })
      assert.deepEqual([refused.status, ((await refused.json()) as Problem).code], [422, 'API_WEBHOOK_INVALID'], url)
    }
    assert.equal((await request('POST', '', { ...order, url: 'https://a.example', secret: 'short' })).status, 422)
    assert.equal((await request('POST', '', { ...order, url: 'https://a.example', events: ['all'] })).status, 400)
    const made = await request('POST', '', { ...order, url: `http://127.0.0.1:${port}/hook` })
    assert.equal(made.status, 201)
    secret = ((await made.json()) as { secret: string }).secret
    assert.match(secret, /^whsec_/)
    const { webhooks } = (await (await request('GET', '')).json()) as { webhooks: Listed[] }
    assert.deepEqual(
      webhooks.map((each) => ['secret' in each, each.events]),
      [[false, ['experiment.create']]],
    )
    // From here on the API's own job must not send what the test counts.
    await api.stopServing()
  })

  it('are signed, with the event, and told once', async () => {
    await register('one')
    assert.equal(await step(), 1)
    const [{ headers, body } = assert.fail('nothing was received')] = got.splice(0)
    const [id, timestamp] = [headers['webhook-id'] as string, Number(headers['webhook-timestamp'])]
    assert.equal(id, 'revision:one:0')
    assert.equal(headers['webhook-signature'], webhookHeaders({ id, body, timestamp }, secret)['webhook-signature'])
    const { type, data } = JSON.parse(body) as { type: string; data: { experiment: string } }
    assert.deepEqual([type, data.experiment], ['experiment.create', 'one'])
    assert.deepEqual([await step(), ids()], [0, []])
  })

  it('wait for a receiver that was killed; one that waits holds up no other', async () => {
    await kill()
    await register('two')
    await register('three')
    assert.equal(await step(), 0)
    await receive()
    assert.deepEqual([await step(), ids()], [1, ['revision:three:0']])
    clock.advance(5_001)
    assert.deepEqual([await step(), ids()], [1, ['revision:two:0']])
    await kill()
    await receive(503)
    await register('four')
    await step()
    await kill()
    await receive(400)
    clock.advance(20_000)
    await step()
    assert.deepEqual(ids(), ['revision:four:0', 'revision:four:0'])
    clock.advance(86_400_000)
    assert.deepEqual([await step(), ids()], [0, []], 'refused is not sent again')
  })

  it('are sent again under the same id by a process that was killed before it could say so', async () => {
    await kill()
    await receive()
    await register('five')
    const dies: Store = {
      ...store,
      rows: (query) => store.rows(query),
      exec: () => Promise.reject(new Error('killed')),
    }
    await step(dies)
    assert.equal(await step(), 1)
    assert.deepEqual(ids(), ['revision:five:0', 'revision:five:0'])
  })

  it('say what became of each message, and end when they are removed', async () => {
    const [own] = await subscriptions(store)
    const fates = await store.rows<Delivery>('SELECT message, fate FROM webhook_delivery_v1 FINAL ORDER BY message')
    assert.deepEqual(
      fates.map(({ message, fate }) => `${message} ${fate}`),
      [
        'revision:five:0 taken',
        'revision:four:0 refused',
        'revision:one:0 taken',
        'revision:three:0 taken',
        'revision:two:0 taken',
      ],
    )
    await kill()
    await register('late')
    await step()
    clock.advance(4 * 86_400_000)
    await step()
    const [last] = await store.rows<Delivery>(
      "SELECT attempt, fate FROM webhook_delivery_v1 FINAL WHERE message = 'revision:late:0'",
    )
    assert.deepEqual(last, { attempt: 2, fate: 'given up' })
    await receive()
    clock.advance(86_400_000)
    assert.deepEqual([await step(), ids()], [0, []], 'given up is not sent again')
    await storeSubscription(store, { ...own!, version: 2, active: false })
    await register('six')
    assert.deepEqual([await step(), ids()], [0, []])
  })
})
