/**
 * Who may import whom, as data. docs/decisions/0008 says why; a module's own files are always allowed.
 *
 * A pattern is a folder, or a file with `*` for one name. Of the rows that match a file the longest counts. A folder
 * that has no row here is refused: give it one.
 */
export type ImportTable = Readonly<Record<string, readonly string[]>>

// Answers are read from state: a module's index, its queries and the definitions of its figures, never its machinery.
/** What bin/ may import but for bin/modules.ts, the one place that names modules. */
const COMPOSED: readonly string[] = ['schemas', 'platform']

const API = [
  'schemas',
  'platform',
  'models/*/index.ts',
  'streams/*/index.ts',
  'streams/*/*/index.ts',
  'streams/*/queries.ts',
  'streams/*/definitions.ts',
  // What stands at the root of the house is shared by its modules.
  'api/*.ts',
]

export const IMPORTS: ImportTable = {
  schemas: [],
  platform: ['schemas'],
  // A producer builds on the client that sends and on the player that plays: by their index alone.
  producers: ['schemas', 'platform', 'producers/*/index.ts'],
  // Domains of touched keys declare themselves to the frame that recomputes them; nothing else is shared.
  streams: ['schemas', 'platform', 'streams/touched/index.ts'],
  // It lands as the sink does what the audit finds missing.
  'streams/rebuild': ['schemas', 'platform', 'streams/audit/index.ts', 'streams/sink/index.ts'],
  models: ['schemas', 'platform'],
  services: ['schemas', 'platform', 'models/*/index.ts'],
  media: ['schemas', 'platform', 'models/ladder'],
  oca: ['schemas', 'platform', 'models/*/index.ts'],
  api: API,
  // The root of the house puts its modules together.
  'api/*.ts': [...API, 'api'],
  web: [],
  // What others take into their programs: assignment as the API has it, and the outbox of pages.
  sdk: ['models/experiments/assign/index.ts', 'web/instrument/outbox.ts'],
  bin: COMPOSED,
  'bin/modules.ts': ['*'],
  bench: ['*'],
  test: ['*'],
}

/** Top folders whose subfolders are modules: these do not see into one another. */
export const HOUSES: ReadonlySet<string> = new Set(['producers', 'streams', 'models', 'services', 'api'])

/** The one folder that knows a client library; everybody else knows the port. */
export const ADAPTERS: Readonly<Record<string, string>> = {
  chdb: 'platform/clickhouse/',
  esbuild: 'platform/',
  '@clickhouse/client': 'platform/clickhouse/',
  '@platformatic/kafka': 'platform/kafka/',
  maxmind: 'platform/geo/',
  pino: 'platform/',
  'prom-client': 'platform/',
}

/**
 * Folders that may ask the machine for time, chance and settings (a page in a browser has nobody to give them); the
 * others are given a Clock, a Random, a Config.
 */
export const IMPURE_FOLDERS: readonly string[] = ['platform', 'bin', 'bench', 'test', 'web', 'sdk']

/** Folders whose every file is a pure function of what it is given: neither `node:` nor npm modules. */
export const PURE_FOLDERS: readonly string[] = ['models/experiments/assign', 'producers/cmcd', 'producers/player']

/** Tests, and what only tests and measurements use: they may import everything, and nothing else may import them. */
export const isTest = (file: string): boolean =>
  /\.(test|bench)\.ts$|(^|\/)((contract|testing)(-\w+)?|fixture|harness|samples)\.ts$/.test(file)

export const MAX_LINES = 300
export const isGenerated = (file: string): boolean =>
  file.startsWith('schemas/generated/') || file === 'web/api-types.ts'

/** Code that has to be read as a whole: a page of text is no code. */
export const isCode = (file: string): boolean => /\.(tsx?|mjs|js|sql)$/.test(file)
