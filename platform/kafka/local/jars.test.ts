import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLogger } from '../../logger.ts'
import { ensureJars, jarFaults, jarsAreThere, KAFKA_VERSION, readChecksums } from './jars.ts'
import { isFree, freePorts } from './ports.ts'
import { MAX_MESSAGE_BYTES, serverProperties } from './properties.ts'
import { findJava, findMaven, javaVersion } from './tools.ts'

describe("the broker's jars", () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  const checksums = readChecksums()
  let real = ''
  let fetches = 0
  before(async () => void (real = await ensureJars(silentLogger)))
  after(() => rmSync(cache, { recursive: true }))
  const copyJars = async (folder: string): Promise<void> => {
    fetches++
    for (const jar of checksums.keys()) copyFileSync(path.join(real, jar), path.join(folder, jar))
  }

  it('are pinned: the list names the version and agrees with the pom', () => {
    assert.ok(checksums.has(`kafka_2.13-${KAFKA_VERSION}.jar`))
    assert.match(
      readFileSync(path.join(import.meta.dirname, 'pom.xml'), 'utf8'),
      new RegExp(`<version>${KAFKA_VERSION}</version>`),
    )
    for (const digest of checksums.values()) assert.match(digest, /^[0-9a-f]{64}$/)
  })

  it('are fetched once by several that need them at once', async () => {
    const homes = await Promise.all([1, 2, 3].map(() => ensureJars(silentLogger, cache, copyJars)))
    assert.equal(new Set(homes).size, 1)
    assert.equal(fetches, 1)
    assert.deepEqual(readdirSync(cache), [`kafka-${KAFKA_VERSION}`])
  })

  it('are fetched again when one was cut short', async () => {
    const home = await ensureJars(silentLogger, cache, copyJars)
    truncateSync(path.join(home, [...checksums.keys()][0]!), 10)
    assert.equal(jarsAreThere(home), false)
    await ensureJars(silentLogger, cache, copyJars)
    assert.equal(jarsAreThere(home), true)
    assert.equal(fetches, 2)
  })

  it('are refused when one differs, is missing or is too many, and nothing is installed', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'playloop-'))
    const names = [...checksums.keys()]
    const tampered = async (folder: string): Promise<void> => {
      await copyJars(folder)
      appendFileSync(path.join(folder, names[0]!), 'x')
      rmSync(path.join(folder, names[1]!))
      copyFileSync(path.join(real, names[2]!), path.join(folder, 'stranger.jar'))
      assert.equal(jarFaults(folder, checksums).length, 3)
    }
    await assert.rejects(ensureJars(silentLogger, other, tampered), { code: 'KAFKA_JARS_WRONG' })
    assert.equal(existsSync(path.join(other, `kafka-${KAFKA_VERSION}`)), false)
    assert.deepEqual(readdirSync(other), [])
    rmSync(other, { recursive: true })
  })
})

describe('tools', () => {
  it('reads the version that any Java prints', () => {
    assert.equal(javaVersion('openjdk version "17.0.15" 2025-04-15'), 17)
    assert.equal(javaVersion('java version "1.8.0_402"'), 8)
    assert.equal(javaVersion('openjdk version "21" 2023-09-19'), 21)
    assert.equal(javaVersion('command not understood'), 0)
  })

  it('says what to do when Java or Maven is missing', () => {
    assert.throws(() => findJava('/nowhere'), { code: 'KAFKA_JAVA_MISSING', next: /KAFKA_BROKERS.*docker-compose/ })
    assert.throws(() => findMaven('no-such-mvn'), { code: 'KAFKA_MAVEN_MISSING', next: /apt-get install maven/ })
  })
})

describe('settings', () => {
  const text = serverProperties({ port: 1, controllerPort: 2, logDir: '/l' })
  const value = (key: string): string | undefined =>
    new RegExp(`^${key.replaceAll('.', '\\.')}=(.*)$`, 'm').exec(text)?.[1]

  it('listens on the loopback address alone and keeps offsets longer than records', () => {
    assert.equal(value('listeners'), 'PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2')
    assert.ok(Number(value('offsets.retention.minutes')) * 60_000 >= Number(value('log.retention.ms')))
    assert.equal(value('log.message.timestamp.type'), 'LogAppendTime')
    assert.equal(value('auto.create.topics.enable'), 'false')
    assert.equal(value('message.max.bytes'), String(MAX_MESSAGE_BYTES))
  })

  it('lets a killed broker register again within two seconds: at the default of nine it answers after thirteen', () => {
    assert.ok(Number(value('broker.session.timeout.ms')) <= 2_000)
    assert.ok(Number(value('broker.heartbeat.interval.ms')) * 3 <= Number(value('broker.session.timeout.ms')))
  })

  it('finds distinct free ports outside the range of outgoing connections', async () => {
    const ports = await freePorts(20)
    assert.equal(new Set(ports).size, 20)
    for (const port of ports) {
      assert.ok(port < 32_768)
      assert.ok(await isFree(port))
    }
  })
})
