/** The log interface that modules use. Kafka implements it (producer.ts, admin.ts); memory.ts is for unit tests. */

/** One message to write; `value` is in Confluent wire format. */
export interface LogMessage {
  readonly key: Buffer
  readonly value: Buffer
}

/** Writes to the log. A resolved promise means every message of the call is acknowledged (acks=all). */
export interface LogProducer {
  /** Rejects as a whole if any message fails: the caller answers 503 and the client sends all of them again. */
  send(topic: string, messages: readonly LogMessage[]): Promise<void>
  close(): Promise<void>
}

/** Administration of the topics defined in schemas/topics.ts. */
export interface LogAdmin {
  /** Creates missing topics and leaves existing ones unchanged; partitions never shrink. */
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
