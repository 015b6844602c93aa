import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator, type Pickle, type PickleStep } from '@cucumber/messages'
import {
  OpenFeature,
  OpenFeatureEventEmitter,
  ProviderFatalError,
  ProviderStatus,
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type Hook,
  type JsonValue,
} from '@openfeature/server-sdk'
import type { Flags } from './resolve.ts'
import { PlayloopProvider } from './server.ts'
import type { Source } from './source.ts'

/** OpenFeature's own scenarios, by its own SDK for servers. */
const FOLDER = join(process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'ab')
const FEATURE = join(FOLDER, 'openfeature-evaluation_v2.feature')
const absent = existsSync(FEATURE) ? false : `NOT PROVED: ${FEATURE} is absent; set PLAYLOOP_TEST_DATA`
if (absent) console.error(`\n*** ${absent} ***\n`)

interface TestFlag {
  variants: Record<string, unknown>
  defaultVariant?: string | null
  contextEvaluator?: string
  disabled?: boolean
  flagMetadata?: Record<string, string | number | boolean> | null
}

/** `a && b op 'c' ? 'variant' : ''` as a condition, and what it leads to. */
function ruleOf(evaluator: string, variants: TestFlag['variants']): object {
  const [, test = '', variant = ''] = /^(.*) \? '(.*)' : ''$/.exec(evaluator) ?? []
  const condition = Object.fromEntries(
    test.split(' && ').map((part) => {
      const [, not, name = '', operator, text = ''] =
        /^(!?)(\w+)(?: (==|>) '?([^']*)'?)?$/.exec(part) ?? assert.fail(part)
      return [name, not === '!' ? { $ne: true } : operator === '>' ? { $gt: Number(text) } : text]
    }),
  )
  return { condition, force: variants[variant] }
}

const flagsOf = (flags: Record<string, TestFlag>): Flags => ({
  features: Object.fromEntries(
    Object.entries(flags).map(([key, { variants, defaultVariant, contextEvaluator }]) => [
      key,
      {
        defaultValue: variants[defaultVariant ?? ''] ?? null,
        rules: contextEvaluator === undefined ? [] : [ruleOf(contextEvaluator, variants)],
      },
    ]),
  ),
  playloop: Object.fromEntries(
    Object.entries(flags).map(([key, { variants, disabled = false, flagMetadata = null }]) => [
      key,
      { variants, disabled, metadata: flagMetadata },
    ]),
  ),
})

const still: Source['follow'] = () => new Promise(() => undefined)

/** One scenario as it runs. */
class World {
  readonly client: Client
  readonly domain: string
  readonly flags: Flags
  context: Record<string, unknown> = {}
  flag = { type: '', key: '', fallback: '' }
  details!: EvaluationDetails<JsonValue>
  ran: string[] = []
  hooks: Hook[] = []
  frozen: Record<string, unknown> = {}
  constructor(flags: Flags, domain: string) {
    this.flags = flags
    this.domain = domain
    this.client = OpenFeature.getClient(domain)
  }

  async provide(kind: string): Promise<void> {
    let lose: () => void = () => undefined
    const events = new OpenFeatureEventEmitter()
    const load: Source['load'] = () =>
      kind === 'fatal'
        ? Promise.reject(new ProviderFatalError('gone'))
        : kind === 'error'
          ? Promise.reject(new Error('away'))
          : kind === 'not ready'
            ? new Promise(() => undefined)
            : Promise.resolve(this.flags)
    const follow: Source['follow'] = (_, lost) => {
      lose = lost
      return still(() => undefined, lost, new AbortController().signal)
    }
    const provider = new PlayloopProvider({
      api: '',
      key: 'live',
      collector: '',
      events,
      source: { load, follow },
      send: () => undefined,
    })
    if (kind === 'not ready') OpenFeature.setProvider(this.domain, provider)
    else await OpenFeature.setProviderAndWait(this.domain, provider).catch(() => undefined)
    if (kind === 'stale') lose()
    await new Promise((done) => setTimeout(done, 5))
  }

  async evaluate(): Promise<void> {
    const { type, key, fallback } = this.flag
    const [context, options] = [this.context as EvaluationContext, { hooks: this.hooks }]
    this.details =
      type === 'Boolean'
        ? await this.client.getBooleanDetails(key, fallback === 'true', context, options)
        : type === 'String'
          ? await this.client.getStringDetails(key, fallback, context, options)
          : type === 'Object'
            ? await this.client.getObjectDetails(key, parsed(type, fallback) as JsonValue, context, options)
            : await this.client.getNumberDetails(key, Number(fallback), context, options)
  }
}

const parsed = (type: string, text: string): unknown =>
  type === 'Boolean'
    ? text === 'true'
    : type === 'Object'
      ? (JSON.parse(text.replaceAll('\\"', '"')) as unknown)
      : type === 'String'
        ? text
        : Number(text)
const named = (name: string, ran: string[]): Hook => ({
  before: () => void ran.push(`before ${name}`),
  after: () => void ran.push(`after ${name}`),
})

const STEPS: readonly [RegExp, (world: World, found: readonly string[], step: PickleStep) => void | Promise<void>][] = [
  [/^an? (stable|not ready|fatal|error|stale) provider$/, (world, [kind = '']) => world.provide(kind)],
  [
    /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
    (world, [type = '', key = '', fallback = '']) => void (world.flag = { type, key, fallback }),
  ],
  [
    /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
    (world, [key = '', type = '', value = '']) => void (world.context[key] = parsed(type, value)),
  ],
  [/^a context containing a key "(.*)" with null value$/, (world, [key = '']) => void (world.context[key] = null)],
  [/^the flag was evaluated with details( asynchronously)?$/, (world) => world.evaluate()],
  [
    /^the evaluation should complete without blocking$/,
    async (world) => {
      let turned = false
      setImmediate(() => (turned = true))
      const pending = world.evaluate()
      assert.equal(turned, false)
      await pending
    },
  ],
  [
    /^the resolved details value should be "(.*)"$/,
    (world, [value = '']) => assert.deepEqual(world.details.value, parsed(world.flag.type, value)),
  ],
  [/^the reason should be "(.*)"$/, (world, [reason]) => assert.equal(world.details.reason, reason)],
  [/^the error-code should be "(.*)"$/, (world, [code]) => assert.equal(world.details.errorCode, code)],
  [/^the flag key should be "(.*)"$/, (world, [key]) => assert.equal(world.details.flagKey, key)],
  [/^the variant should be "(.*)"$/, (world, [variant]) => assert.equal(world.details.variant, variant)],
  [
    /^the resolved metadata should contain$/,
    (world, _, step) => {
      const rows = step.argument!.dataTable!.rows.slice(1).map(({ cells }) => cells.map(({ value }) => value))
      for (const [key, type, value] of rows) assert.equal(world.details.flagMetadata[key!], parsed(type!, value!))
    },
  ],
  [
    /^the provider status should be "(.*)"$/,
    (world, [status]) =>
      assert.equal(world.client.providerStatus, ProviderStatus[status as keyof typeof ProviderStatus]),
  ],
  [
    /^evaluation options containing specific hooks$/,
    (world) => void (world.hooks = [named('first', world.ran), named('second', world.ran)]),
  ],
  [/^the flag was evaluated with details using the evaluation options$/, (world) => world.evaluate()],
  [/^the specified hooks should execute during evaluation$/, (world) => assert.equal(world.ran.length, 4)],
  [
    /^the hook order should be maintained$/,
    (world) => assert.deepEqual(world.ran, ['before first', 'before second', 'after second', 'after first']),
  ],
  [
    /^an evaluation context with modifiable data$/,
    (world) => {
      world.context = { targetingKey: 'u', nested: { a: [1] } }
      world.frozen = structuredClone(world.context)
    },
  ],
  [
    /^the original evaluation context should remain unmodified$/,
    (world) => assert.deepEqual(world.context, world.frozen),
  ],
  [/^the evaluation details should be immutable$/, (world) => assert.ok(Object.isFrozen(world.details.flagMetadata))],
]

describe("OpenFeature's scenarios", { skip: absent }, () => {
  const flags = absent
    ? {}
    : flagsOf(JSON.parse(readFileSync(join(FOLDER, 'openfeature-test-flags.json'), 'utf8')) as Record<string, TestFlag>)
  const pickles: readonly Pickle[] = absent ? [] : picklesOf(readFileSync(FEATURE, 'utf8'))
  for (const [at, { name, steps }] of pickles.entries())
    it(`${at + 1} ${name}`, async () => {
      const world = new World(flags, `scenario-${at}`)
      for (const step of steps) {
        const matching = STEPS.filter(([pattern]) => pattern.test(step.text))
        assert.equal(matching.length, 1, `${matching.length} ways to do: ${step.text}`)
        const [pattern, run] = matching[0]!
        await run(world, pattern.exec(step.text)!.slice(1), step)
      }
    })
  it('are all of them', () => assert.ok(pickles.length >= 80, String(pickles.length)))
})

function picklesOf(text: string): readonly Pickle[] {
  const newId = IdGenerator.incrementing()
  return compile(
    new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text),
    'evaluation.feature',
    newId,
  )
}
