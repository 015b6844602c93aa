/** What the modules need of a log. The real one is Kafka (client.ts, reader.ts); memory.ts is for unit tests. */

/** One message to be written: Confluent wire format in `value`. */
export interface LogMessage {
  readonly key: Buffer
  readonly value: Buffer
}

/** Writes to the log. A resolved promise means every message of the call is acknowledged (acks=all). */
export interface LogProducer {
  /** Rejects as a whole when any message failed: the caller answers 503 and the client sends all of it again. */
  send(topic: string, messages: readonly LogMessage[]): Promise<void>
  close(): Promise<void>
}

/** Administration: topics as schemas/topics.ts states them. */
export interface LogAdmin {
  /** Creates what is missing, leaves what is there; partitions never shrink. */
  ensureTopics(specs: readonly TopicSettings[]): Promise<void>
  /** First and next offset of every partition of a topic. */
  offsets(topic: string): Promise<readonly PartitionRange[]>
  close(): Promise<void>
}

export interface TopicSettings {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

export interface PartitionRange {
  readonly partition: number
  /** First offset that still exists. */
  readonly start: number
  /** Next offset to be written. */
  readonly end: number
}
