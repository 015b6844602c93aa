/**
 * The account of an embedded store, taken by a process of its own: `fork('verify-child.ts')`, then one message of
 * VerifyRequest.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import type { Cut } from '../../platform/audit.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { verify } from './verify.ts'

export interface VerifyRequest {
  readonly dataDir: string
  readonly cut: Cut
  /** Ids of each topic's acknowledged events, base64. */
  readonly journals: readonly { readonly topic: TopicName; readonly ids: string }[]
}

const [request] = (await once(process, 'message')) as [VerifyRequest]
const store = await openEmbedded({ dataDir: join(request.dataDir, 'clickhouse'), database: 'playloop' })
const journals = request.journals.map(({ topic, ids }) => ({
  producer: 'load',
  topic,
  async *ids() {
    yield Buffer.from(ids, 'base64')
  },
}))
process.send?.(await verify(store, request.cut, journals))
await store.close()
process.exit(0)
