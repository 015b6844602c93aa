import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { readConfig } from '../platform/config.ts'
import { lockData } from '../platform/process/lock-data.ts'
import { MODULES, settingsOf } from './composition.ts'
import { checkFiles, checkMachine } from './preflight.ts'
import { rolesOf } from './roles/index.ts'

describe('before anything starts', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  const file = path.join(data, 'file')
  writeFileSync(file, 'neither a database nor rules')
  after(() => rmSync(data, { recursive: true }))
  const listening = Object.values(rolesOf(MODULES)).flatMap(({ local, listens }) =>
    local === undefined ? [] : (listens ?? []),
  )
  const check = async (env: Record<string, string>): Promise<void> => {
    const free = { PORT: '0', PLAYLOOP_COLLECTOR_PORT: '0', PLAYLOOP_DATA: path.join(data, 'new'), ...env }
    const config = readConfig(free, settingsOf(MODULES))
    await checkFiles(config, MODULES)
    lockData(config.dataDir)()
    await checkMachine(config, listening)
  }

  it('nothing is said of what is right', () => check({}))

  for (const [name, env, code, message] of [
    ['a file as data folder', { PLAYLOOP_DATA: file }, 'PROCESS_DATA_UNUSABLE', /file cannot be used/],
    ['one port for two', { PORT: '18999', PLAYLOOP_COLLECTOR_PORT: '18999' }, 'CLI_PORT_TWICE', /port 18999 is meant/],
    ['a foreign address', { PLAYLOOP_HOST: '192.0.2.1' }, 'CLI_PORT_REFUSED', /at 192\.0\.2\.1: EADDRNOTAVAIL/],
    ['brokers away', { KAFKA_BROKERS: '127.0.0.1:1' }, 'KAFKA_UNREACHABLE', /answers: 127\.0\.0\.1:1 ECONNREFUSED/],
    ['rules that are none', { PLAYLOOP_ALERT_RULES: file }, 'DETECT_RULES_INVALID', /file/],
    ['a database that is none', { PLAYLOOP_MMDB_COUNTRY: file }, 'GEO_FILE', /file/],
    ['a key for no topic', { PLAYLOOP_INGEST_KEYS: 'k@nothing' }, 'COLLECTOR_KEY_TOPIC', /nothing/],
    [
      'a key with no scope',
      { PLAYLOOP_API_KEYS: 'me:secret-of-sixteen:everything' },
      'HTTP_KEYS_INVALID',
      /everything/,
    ],
    ['another protocol', { CLICKHOUSE_URL: 'ftp://store' }, 'CONFIG_INVALID', /CLICKHOUSE_URL=ftp:\/\/store must be/],
    [
      'a password where it would be printed',
      { CLICKHOUSE_URL: 'http://me:s3cr/et@store:8123' },
      'CONFIG_INVALID',
      /^(?![^]*s3cr)[^]*CLICKHOUSE_URL=[^]*must/,
    ],
    [
      'a password where it would be logged',
      { SCHEMA_REGISTRY_URL: 'http://me:s3cret@registry' },
      'CONFIG_INVALID',
      /SCHEMA_REGISTRY_URL=http:\/\/\*\*\*@registry must not hold/,
    ],
  ] as const)
    it(`${name}: ${code}`, () => assert.rejects(check(env), { code, message }))
})
