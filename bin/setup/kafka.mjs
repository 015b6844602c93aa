// Checks Java for the local broker and fetches its jars with Maven, once.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { at, digest, NODE, SetupError, step, succeeds } from './common.mjs'

const LEAST_JAVA = 17

/**
 * Prepares the local broker: Java and its jars. Skipped if KAFKA_BROKERS is set. Maven is required only if something
 * has to be fetched.
 */
export async function kafka(env) {
  if (env.KAFKA_BROKERS) return
  checkJava(env)
  if (kafkaIsThere()) return
  checkMaven()
  await step('fetching Apache Kafka (54 MB, once)', NODE, ['platform/kafka/local/fetch.ts'])
}

function kafkaIsThere() {
  const cache = at('.cache')
  if (!existsSync(cache)) return false
  const folders = readdirSync(cache).filter((name) => existsSync(path.join(cache, name, 'stamp.json')))
  const wanted = digest(at('platform', 'kafka', 'local', 'jars.sha256'))
  return (
    folders.some((name) => JSON.parse(readFileSync(path.join(cache, name, 'stamp.json'), 'utf8')).list === wanted) &&
    readdirSync(cache).some((name) => name.endsWith('.jsa'))
  )
}

const INSTEAD = 'or set KAFKA_BROKERS to a Kafka that runs, or use docker-compose.yml'

function checkJava(env) {
  const java = env.JAVA_HOME ? path.join(env.JAVA_HOME, 'bin', 'java') : 'java'
  const { stderr, error } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  const install = `install it (Debian: apt-get install default-jre-headless; macOS: brew install openjdk), ${INSTEAD}`
  if (error) throw new SetupError(`Java 17 or newer is needed for the local Kafka and was not found:\n  ${install}`)
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? []
  const version = Number(first === '1' ? second : first)
  if (version < LEAST_JAVA)
    throw new SetupError(
      `Java 17 or newer is needed for the local Kafka, and \`${java}\` is version ${version}:\n  ${install}`,
    )
}

function checkMaven() {
  if (!succeeds(process.platform === 'win32' ? 'mvn.cmd' : 'mvn', ['-v'])) {
    throw new SetupError(
      `Maven fetches the local Kafka and was not found:\n  install it (Debian: apt-get install maven; macOS: brew install maven), ${INSTEAD}`,
    )
  }
}
