import { initProducerIdV4, produceV9, Writer, type Connection } from '@platformatic/kafka'
import type { ProducerIdentity } from './batch-writer.ts'
import type { Cluster } from './cluster.ts'
import { kafkaCode } from './protocol-errors.ts'

/** Writes complete batches. One implementation talks to brokers; tests have their own. */
export interface BatchTransport {
  /**
   * Resolves once the batch is acknowledged by all in-sync replicas; rejects with the broker's or the network's error.
   */
  produce(topic: string, partition: number, batch: Buffer): Promise<void>
  /** Requests a new producer id. */
  identify(topic: string, partition: number): Promise<ProducerIdentity>
  /** Drops cached leaders and, after a broken connection, connections. */
  reset(error: unknown): void
}

const PRODUCE_API = 0
const PRODUCE_VERSION = 9
const ALL_REPLICAS = -1
const REPLICATION_TIMEOUT_MS = 5_000
// The library's value for "no transaction".
const NO_TRANSACTION = null
const TRANSACTION_TIMEOUT_MS = 60_000
const DUPLICATE_SEQUENCE = 46

export function brokerTransport(cluster: Cluster): BatchTransport {
  const connect = (topic: string, partition: number): Promise<Connection> => cluster.leader(topic, partition, 'produce')
  return {
    async produce(topic, partition, batch) {
      try {
        await request(await connect(topic, partition), topic, partition, batch)
      } catch (error) {
        // The batch is already in the log: the answer to an earlier attempt was lost.
        if (kafkaCode(error) !== DUPLICATE_SEQUENCE) throw error
      }
    },
    async identify(topic, partition) {
      const { producerId, producerEpoch } = await initProducerIdV4.api.async(
        await connect(topic, partition),
        NO_TRANSACTION,
        TRANSACTION_TIMEOUT_MS,
      )
      return { id: producerId, epoch: producerEpoch }
    },
    reset(error) {
      cluster.forget()
      // Not awaited: a frozen broker would never let the socket drain.
      if (kafkaCode(error) === 0) cluster.release('produce').catch(() => undefined)
    },
  }
}

function request(connection: Connection, topic: string, partition: number, batch: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.send(
      PRODUCE_API,
      PRODUCE_VERSION,
      () => payload(topic, partition, batch),
      produceV9.parseResponse,
      true,
      true,
      (error) => {
        if (error === null || error === undefined) resolve()
        else reject(error)
      },
    )
  })
}

/** Produce Request (Version: 9) for one partition, with the records as they are. */
function payload(topic: string, partition: number, batch: Buffer): Writer {
  return Writer.create()
    .appendString(NO_TRANSACTION)
    .appendInt16(ALL_REPLICAS)
    .appendInt32(REPLICATION_TIMEOUT_MS)
    .appendArray([topic], (topics, name) => {
      topics.appendString(name).appendArray([partition], (partitions, index) => {
        partitions
          .appendInt32(index)
          .appendUnsignedVarInt(batch.length + 1)
          .append(batch)
      })
    })
    .appendTaggedFields()
}
