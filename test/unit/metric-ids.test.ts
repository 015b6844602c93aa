import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRules } from '../../models/detect/index.ts'
import { THRESHOLD_METRICS } from '../../models/detect/metrics.ts'
import { BUILT_IN } from '../../models/experiments/index.ts'
import {
  ALL_METRICS,
  LIVE_FIELDS,
  METRIC_REGISTRY,
  OLD_IDS,
  parseId,
  UNIT_METRICS,
  type ServedBy,
} from '../../schemas/metrics/index.ts'
import { CONCURRENCY, DEFINITIONS, METRICS } from '../../streams/qoe/index.ts'
import { allFiles, type TextFile } from './architecture/sources.ts'

/**
 * Who may still name an old id: pages, whose links and fields keep theirs for one version, the API's live fields, and
 * what says or tests that old ids are answered.
 */
const OLD_PLACES: readonly RegExp[] = [
  /^web\//,
  /^test\/e2e\/page[\w-]*\.test\.ts$/,
  /^(api\/qoe\/schema|streams\/qoe\/live\/figures)\.ts$/,
  /^schemas\/metrics\/(old-ids|metrics\.test)\.ts$/,
  /^(docs\/metrics|CHANGELOG)\.md$/,
  /^docs\/decisions\//,
  /^(api\/history\/history|api\/experiments\/experiments|models\/detect\/(rules|role))\.test\.ts$/,
  /^models\/experiments\/definitions\/definitions\.test\.ts$/,
  /^test\/unit\/metric-ids\.test\.ts$/,
]
/** Texts of the form of an id that are none. */
const NO_IDS = new Set(['urn:playloop'])

const OLD = new Set([...Object.values(OLD_IDS).flatMap((ids) => Object.keys(ids)), ...Object.keys(LIVE_FIELDS)])
const parsed = [...ALL_METRICS.map(({ id }) => id), ...OLD].map((id) => parseId(id) ?? assert.fail(id))
const any = (texts: readonly (string | undefined)[]): string =>
  [...new Set(texts)].filter((text) => text !== undefined).join('|')
const WORD = '[a-z][a-z0-9_]*'
/** Any name with the definition of somebody known, and any known name with whatever stands behind its colon. */
const FORM = new RegExp(
  `(?<![\\w./:%-])(?:${WORD}(?:\\.${WORD})*:(?:${any(parsed.map(({ definition }) => definition))})|(?:${any(parsed.map(({ name }) => name))})(?:\\.${WORD})*:${WORD})(?![\\w:])`,
  'g',
)

interface Named {
  readonly path: string
  readonly id: string
}
const READ = /\.(ts|tsx|md|json|html)$/

const namedIn = ({ path, text }: TextFile): Named[] =>
  [...text.replaceAll('%3A', ':').matchAll(FORM)].map(([id]) => ({ path, id })).filter(({ id }) => !NO_IDS.has(id))

/** The demo registers the built-in metrics over half an hour under names of its own. */
const isKnown = (id: string): boolean => Object.hasOwn(METRIC_REGISTRY, id.replace(/^(\w+)_30m\b/, '$1'))

const faultsOf = (named: readonly Named[]): string[] =>
  named
    .filter(({ id, path }) => !isKnown(id) && !(OLD.has(id) && OLD_PLACES.some((place) => place.test(path))))
    .map(({ id, path }) => `${path}: ${id} is ${OLD.has(id) ? 'an old id' : 'no metric of schemas/metrics'}`)

const files = allFiles().filter(({ path }) => READ.test(path))
const fileAt = (path: string): string => files.find((file) => file.path === path)?.text ?? assert.fail(path)
const servedBy = (service: ServedBy): string[] =>
  ALL_METRICS.filter((metric) => metric.servedBy.includes(service))
    .map(({ id }) => id)
    .sort()

describe('ids of metrics', () => {
  it('are in the registry wherever code, pages, documents and tests name one', () => {
    const named = files.flatMap(namedIn)
    assert.ok(named.length > 400, `${named.length} found`)
    assert.deepEqual([...new Set(faultsOf(named))], [])
  })

  it('are refused where they are planted', () => {
    const plant = (text: string, path = 'streams/qoe/planted.ts'): string[] => faultsOf(namedIn({ path, text }))
    assert.deepEqual(plant("'rebuffer_ratio:cta2066', `vmaf:time_weighted`, /v1?metric=startup.mean%3Acta2066"), [])
    // Joined here, so that this file names none of them.
    for (const parts of [
      ['waiting_ratio', 'cta2066'],
      ['rebuffer_ratio', 'cta2067'],
      ['startup.p42', 'cta2066'],
      ['vmaf', 'mean'],
    ])
      assert.equal(plant(`ask('${parts.join(':')}')`).length, 1, parts.join(':'))
    assert.equal(plant("'startup:cta2066'").length, 1)
    assert.equal(plant("'startup:cta2066'", 'web/now/links.ts').length, 0)
  })

  it('are those that each service answers, all of them', () => {
    const ids = (metrics: readonly { readonly id: string }[]): string[] => metrics.map(({ id }) => id).sort()
    assert.deepEqual(ids([...METRICS, ...CONCURRENCY]), servedBy('sessions'))
    assert.deepEqual(ids(BUILT_IN), servedBy('experiments'))
    assert.deepEqual(ids(THRESHOLD_METRICS.map(({ name }) => ({ id: name }))), servedBy('detection'))
    const fields: Readonly<Record<string, readonly string[]>> = LIVE_FIELDS
    const live = Object.keys(DEFINITIONS).filter((id) => fields[id]?.includes(id) ?? true)
    assert.deepEqual(live.sort(), servedBy('live'))
    assert.deepEqual([...new Set(Object.values(fields).flat())].sort(), servedBy('live'))
  })

  it('are caps of experiments as they are counted', () => {
    for (const { id, cap } of BUILT_IN) assert.equal(parseId(id)?.cap, cap, id)
  })

  it('are those of units where documents register an experiment', () => {
    const text = fileAt('docs/experiments.md')
    const drafts = [...text.matchAll(/"metrics":(\{[^}]*\})/g)].flatMap(([, json]) =>
      Object.values(JSON.parse(json!) as Record<string, string[]>).flat(),
    )
    const single = [...text.matchAll(/"metric":"([^"]+)"/g)].map(([, id]) => id!)
    assert.ok(drafts.length > 0 && single.length > 0)
    for (const id of [...drafts, ...single]) assert.ok(Object.hasOwn(UNIT_METRICS, id), id)
  })

  it('are those of detection where documents write an alert rule', () => {
    const text = fileAt('docs/configuration.md')
    const [rules] = /^\[\n[^\]]*"metric"[\s\S]*?^\]/m.exec(text) ?? assert.fail('no rules')
    assert.deepEqual(readRules(rules).faults, [])
    for (const { metric } of JSON.parse(rules) as { metric: string }[])
      assert.ok(servedBy('detection').includes(metric), metric)
    const [, listed] = /^- `metric`: (.*)\.$/m.exec(text) ?? assert.fail('no list')
    assert.deepEqual(
      listed!.split(', ').sort(),
      servedBy('detection').map((id) => `\`${id}\``),
    )
  })
})
