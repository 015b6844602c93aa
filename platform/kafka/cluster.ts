import { ConnectionPool, findCoordinatorV6, metadataV12, type Broker, type Connection } from '@platformatic/kafka'
import { systemClock, type Clock } from '../clock.ts'
import { errorCode, errorMessage } from '../errors.ts'
import { retry, type RetryPolicy } from '../retry.ts'
import { fail, isStale, kafkaCode } from './protocol-errors.ts'

/**
 * Cached metadata and connections of the brokers: looked up once, dropped when a broker refuses or a connection breaks.
 *
 * The client library's high-level consumer hides the generation, the commit metadata and the raw record batches, which
 * exactly-once landing all needs; so the sink speaks the protocol through the library's own messages.
 */
export interface Cluster {
  /** A connection to the leader of a partition, reserved for `purpose`: a long poll never delays other requests. */
  leader(topic: string, partition: number, purpose: string): Promise<Connection>
  coordinator(group: string): Promise<Connection>
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Drops the cached metadata; the next lookup queries the brokers again. */
  forget(): void
  /** Closes the connections of one purpose. */
  release(purpose: string): Promise<void>
  close(): Promise<void>
}

// A join waits for the other members to drain, so the timeout exceeds any rebalance timeout. Correctness does not
// depend on it: leases expire by themselves.
const CONNECTION = { connectTimeout: 2_000, requestTimeout: 30_000, maxInflights: 5 }
const GROUP_KEY_TYPE = 0
/** A new broker creates its offsets topic on the first request and answers a later one. */
const COORDINATOR: RetryPolicy = {
  backoff: { firstMs: 100, maxMs: 200 },
  forMs: 5_000,
  retryable: (error) => errorCode(error) === 'KAFKA_NO_COORDINATOR' || isStale(kafkaCode(error)),
}

export function openCluster(bootstrap: readonly string[], clientId: string, clock: Clock = systemClock): Cluster {
  const seeds = bootstrap.map(parseBroker)
  const pools = new Map<string, ConnectionPool>()
  let brokers = new Map<number, Broker>()
  let leaders = new Map<string, number>()
  const coordinators = new Map<string, Broker>()

  const pool = (purpose: string): ConnectionPool => {
    const known = pools.get(purpose)
    if (known !== undefined) return known
    const opened = new ConnectionPool(clientId, CONNECTION)
    pools.set(purpose, opened)
    return opened
  }
  const anyBroker = async (): Promise<Connection> => {
    try {
      return await pool('metadata').getFirstAvailable([...brokers.values(), ...seeds])
    } catch (error) {
      throw fail('KAFKA_UNREACHABLE', { brokers: bootstrap.join(','), reason: errorMessage(error) }, error)
    }
  }
  const refresh = async (topics: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const answer = await metadataV12.api.async(await anyBroker(), [...topics], false, false)
    brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    leaders = new Map([
      ...leaders,
      ...answer.topics.flatMap((topic) =>
        topic.partitions.map(({ partitionIndex, leaderId }): [string, number] => [
          `${topic.name}/${partitionIndex}`,
          leaderId,
        ]),
      ),
    ])
    return new Map(answer.topics.map((topic) => [topic.name ?? '', topic.partitions.length]))
  }

  const askCoordinator = async (group: string): Promise<Broker> => {
    const [found] = (await findCoordinatorV6.api.async(await anyBroker(), GROUP_KEY_TYPE, [group])).coordinators
    if (found === undefined) throw fail('KAFKA_NO_COORDINATOR', { group })
    return { host: found.host, port: found.port }
  }
  const findCoordinator = (group: string): Promise<Broker> =>
    retry(() => askCoordinator(group), COORDINATOR, { clock }).catch((error: unknown) => {
      throw fail('KAFKA_NO_COORDINATOR', { group }, error)
    })

  return {
    async leader(topic, partition, purpose) {
      const key = `${topic}/${partition}`
      if (!leaders.has(key)) await refresh([topic])
      const broker = brokers.get(leaders.get(key) ?? -1)
      if (broker === undefined) {
        leaders.delete(key)
        throw fail('KAFKA_NO_LEADER', { topic, partition })
      }
      return pool(purpose).get(broker)
    },
    async coordinator(group) {
      let broker = coordinators.get(group)
      if (broker === undefined) {
        broker = await findCoordinator(group)
        coordinators.set(group, broker)
      }
      return pool('coordinator').get(broker)
    },
    partitions: refresh,
    forget() {
      leaders = new Map()
      coordinators.clear()
    },
    async release(purpose) {
      const own = pools.get(purpose)
      pools.delete(purpose)
      await own?.close()
    },
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.allSettled(all.map((each) => each.close()))
    },
  }
}

function parseBroker(text: string): Broker {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
}
