import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { KAFKA_VERSION } from '../platform/kafka/local/jars.ts'
import { parse as parseFlags } from './cli.ts'
import { variablesOf } from '../platform/settings.ts'
import { MODULES, settingsOf } from './composition.ts'
import { rolesOf } from './roles/index.ts'

const ROOT = path.dirname(import.meta.dirname)
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

interface Service {
  readonly image?: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

/** Form only: no Docker is needed to run it, and none proves that it runs. */
describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>
    volumes: Record<string, unknown>
  }
  const services = Object.entries(compose.services)
  const ours = services.filter(([, { build }]) => build !== undefined)

  it('listens on the loopback address alone', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports)
    assert.ok(ports.length >= 5)
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/)
    assert.equal(new Set(ports.map((port) => port.split(':')[1])).size, ports.length)
  })

  it('names every image by version, and Kafka by the one we test with', () => {
    const images = services.flatMap(([, { image }]) => (image === undefined ? [] : [image]))
    assert.equal(images.length + ours.length, services.length)
    for (const image of images) assert.match(image, /^[\w./-]+:\d+\.\d+(\.\d+)?$/)
    assert.ok(images.includes(`apache/kafka:${KAFKA_VERSION}`))
  })

  it('checks the health of every service, and waits for it where one needs another', () => {
    for (const [name, { healthcheck, depends_on = {} }] of services) {
      assert.ok((healthcheck?.test.length ?? 0) >= 2, `${name} has no health check`)
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        assert.ok(needed in compose.services, `${name} needs ${needed}, which is not there`)
        assert.ok(
          condition === 'service_healthy' || (name === 'api' && needed === 'sink'),
          `${name} does not wait for ${needed}`,
        )
      }
    }
  })

  it('sets only variables that playloop reads, to values it takes', () => {
    const variables = settingsOf(MODULES).flatMap(variablesOf)
    const known = new Map(variables.map((variable) => [variable.name, variable]))
    for (const [name, { environment = {} }] of ours) {
      for (const [variable, value] of Object.entries(environment)) {
        assert.ok(known.has(variable), `${name} sets ${variable}`)
        assert.equal(known.get(variable)!.check(String(value)), undefined, `${name}: ${variable}`)
      }
      assert.ok(environment['KAFKA_BROKERS'] !== undefined && environment['CLICKHOUSE_URL'] !== undefined, name)
    }
  })

  it('runs roles that the command line has, with flags they take', () => {
    const roles = rolesOf(MODULES)
    for (const [name, { command = [] }] of ours) {
      const [run, role = '', ...flags] = command
      assert.equal(run, 'run')
      assert.ok(Object.hasOwn(roles, role), `${name} runs ${role}`)
      parseFlags(role, { ...roles[role]!, usage: '', run: () => Promise.resolve(0) }, flags)
    }
    assert.deepEqual(ours.map(([name]) => name).sort(), ['api', 'collector', 'detect', 'sink', 'world'])
  })

  it('keeps data in volumes that are declared', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!))
    assert.deepEqual([...new Set(used)].sort(), Object.keys(compose.volumes).sort())
  })

  it('builds from folders that exist, on the Node of package.json', () => {
    const dockerfile = read('Dockerfile')
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    assert.match(dockerfile, new RegExp(`^FROM node:${dependencies['node']!.replaceAll('.', '\\.')}-`, 'm'))
    for (const [, from] of dockerfile.matchAll(/^COPY (\w+) /gm))
      assert.ok(existsSync(path.join(ROOT, from!)), `${from} is not there`)
  })
})

describe('.ci/run', () => {
  it('can be run and runs the test command of the README', () => {
    assert.ok((statSync(path.join(ROOT, '.ci/run')).mode & 0o111) !== 0)
    assert.match(read('.ci/run'), /^npm test$/m)
  })
})
