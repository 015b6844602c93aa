/** Sticky buckets: a unit keeps its variation even if weights, coverage or targeting change. */
import { type Identity } from './attribute.ts'
import { isObject, type Json } from './json.ts'

export interface StickyDocument {
  readonly attributeName: string
  readonly attributeValue: string
  /** Variation key by `EXPERIMENT__BUCKETVERSION`. */
  readonly assignments: Readonly<Record<string, string>>
}
/** Documents by {@link stickyKey}. */
export type StickyDocuments = Readonly<Record<string, StickyDocument>>

export interface StickyRule {
  readonly key: string
  readonly bucketVersion: number
  readonly minBucketVersion: number
}

export const stickyKey = (attribute: string, text: string): string => `${attribute}||${text}`
const assignmentKey = ({ key, bucketVersion }: StickyRule): string => `${key}__${bucketVersion}`

function assignmentsOf(documents: StickyDocuments, { attribute, text }: Identity): Json {
  const key = stickyKey(attribute, text)
  const document: unknown = Object.hasOwn(documents, key) ? documents[key] : undefined
  return isObject(document) && isObject(document['assignments']) ? document['assignments'] : {}
}

/**
 * The sticky variation key of the first identity that has one; blocked if any identity has a version below the minimum.
 */
export function stuckTo(
  documents: StickyDocuments,
  identities: readonly Identity[],
  rule: StickyRule,
): { readonly key?: unknown; readonly blocked: boolean } {
  const all = identities.map((identity) => assignmentsOf(documents, identity))
  const blocked = all.some((assignments) => Object.keys(assignments).some((key) => isOld(key, rule)))
  return { blocked, key: all.map((assignments) => assignments[assignmentKey(rule)]).find((key) => key !== undefined) }
}

function isOld(key: string, rule: StickyRule): boolean {
  const version = key.startsWith(`${rule.key}__`) ? key.slice(rule.key.length + 2) : ''
  return /^\d+$/.test(version) && Number(version) < rule.minBucketVersion
}

/** The documents with this assignment added; the same object if it was already there. */
export function stick(
  documents: StickyDocuments,
  { attribute, text }: Identity,
  rule: StickyRule,
  variation: string,
): StickyDocuments {
  const assignments = assignmentsOf(documents, { attribute, text, value: text })
  if (assignments[assignmentKey(rule)] === variation) return documents
  const document = {
    attributeName: attribute,
    attributeValue: text,
    assignments: { ...assignments, [assignmentKey(rule)]: variation } as StickyDocument['assignments'],
  }
  return { ...documents, [stickyKey(attribute, text)]: document }
}
