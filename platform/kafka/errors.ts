import { errorTable } from '../errors.ts'

const INSTEAD = 'or set KAFKA_BROKERS to a running Kafka, or use docker-compose.yml'

export const fail = errorTable({
  KAFKA_JAVA_MISSING: {
    status: 500,
    message: 'the local Kafka needs Java 17 or newer, and no `{java}` was found',
    next: `install a Java runtime (Debian: apt-get install default-jre-headless; macOS: brew install openjdk), ${INSTEAD}`,
  },
  KAFKA_JAVA_OLD: {
    status: 500,
    message: 'the local Kafka needs Java 17 or newer; `{java}` is version {version}',
    next: `install a newer Java runtime and let JAVA_HOME name it, ${INSTEAD}`,
  },
  KAFKA_MAVEN_MISSING: {
    status: 500,
    message: 'the jars of the local Kafka are fetched by Maven, and no `mvn` was found',
    next: `install Maven (Debian: apt-get install maven; macOS: brew install maven), ${INSTEAD}`,
  },
  KAFKA_FETCH_FAILED: {
    status: 502,
    message: 'Maven could not fetch the jars of the local Kafka: {reason}',
    next: `check the network and Maven's settings (proxy, mirror), then run the command again, ${INSTEAD}`,
  },
  KAFKA_JARS_WRONG: {
    status: 500,
    message: 'the jars of the local Kafka are not the pinned ones: {faults}',
    next: 'check which repository or mirror Maven asks; nothing was installed',
  },
  KAFKA_DATA_IN_USE: {
    status: 409,
    message: 'the Kafka data in {dataDir} is in use by process {pid}',
    next: 'stop that process, or give this one a data folder of its own (--data DIR or PLAYLOOP_DATA)',
  },
  KAFKA_PORT_IN_USE: {
    status: 409,
    message: 'port {port} of the local Kafka is in use by another program',
    next: 'stop that program or choose another port',
  },
  KAFKA_FORMAT_FAILED: {
    status: 500,
    message: 'the storage of the local Kafka could not be formatted in {dataDir}: {reason}',
    next: 'check that the folder can be written and the disk is not full',
  },
  KAFKA_START_FAILED: {
    status: 500,
    message: 'the local Kafka ended ({how}) before it answered: {reason}',
    next: 'read {logFile}; with a full disk or too little memory (it needs 600 MB) make room and start again',
  },
  KAFKA_START_TIMEOUT: {
    status: 504,
    message: 'the local Kafka did not answer within {seconds} s',
    next: 'read {logFile}; on a loaded machine start it again',
  },
  KAFKA_ENDED: {
    status: 503,
    message: 'the local Kafka ended by itself: {how}',
    next: 'playloop starts it again on the same data; if that repeats, read kafka/broker.log and kafka/java.out in the data folder',
  },
  KAFKA_RECORD_TOO_LARGE: {
    status: 413,
    message: 'a record of {bytes} bytes for {topic} is larger than {limit}',
    next: 'make the event smaller; nothing of this call was written',
  },
  KAFKA_PRODUCER_FULL: {
    status: 503,
    message: 'more than {limit} bytes wait for Kafka to acknowledge them',
    next: 'send again later: nothing of this call was written',
  },
  KAFKA_PRODUCER_CLOSED: {
    status: 503,
    message: 'the producer is closed',
    next: 'send again to another instance: nothing of this call was written',
  },
  KAFKA_PRODUCE_FAILED: {
    status: 503,
    message: 'Kafka did not acknowledge records for {topic}: {reason}',
    next: 'send all of them again: some may have been written, and a resend is recognised by its event ids',
  },
  KAFKA_TOPIC_UNKNOWN: {
    status: 404,
    message: 'Kafka has no topic {topic}',
    next: 'let ensureTopics run first; topics are never made by a mistyped name',
  },
  KAFKA_ADMIN_FAILED: {
    status: 502,
    message: 'Kafka refused to {what}: {reason}',
    next: "check the brokers' log and the rights of this client",
  },
})
