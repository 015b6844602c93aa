import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import { assign, compileExperiment, compileFeatures, readExperiment } from '../assign/index.ts'
import { growthBookOf } from '../definitions/index.ts'
import { payloadOf } from '../flags/index.ts'

/** A unit of the past, by what the store knows of it; attributes as applications name them. */
export interface Member {
  readonly unit: string
  readonly attributes: Readonly<Record<string, string | number>>
}

/** Units with one value of an attribute, and those of them that would take part. */
export interface Reach {
  readonly value: string
  readonly units: number
  readonly in: number
}

export interface Audience<T extends Member> {
  /** Those who would take part. */
  readonly members: readonly T[]
  /** By attribute, the largest first. */
  readonly by: Readonly<Record<string, readonly Reach[]>>
}

/**
 * Who would take part: every unit is assigned as an application would, once the experiment runs. `known`: experiments
 * that may be prerequisites, and groups that conditions may name; `names`: the attributes to count by.
 */
export function audienceOf<T extends Member>(
  experiment: RegisteredExperiment,
  known: { readonly experiments: readonly RegisteredExperiment[]; readonly groups: readonly RegisteredGroup[] },
  members: readonly T[],
  names: readonly string[],
): Audience<T> {
  const groups = Object.fromEntries(known.groups.map(({ id, values }) => [id, values]))
  const running = growthBookOf({ ...experiment, state: 'running', killed: false })
  const compiled = compileExperiment(readExperiment(running), groups)
  const features = compileFeatures({ ...payloadOf({ ...known, flags: [] }, experiment.clock, 0), savedGroups: groups })
  const { hashAttribute } = experiment.bucketing
  const takesPart = ({ unit, attributes }: T): boolean =>
    assign(compiled, { attributes: { ...attributes, id: unit, [hashAttribute]: unit } }, features).result.inExperiment
  const taking = new Set(members.filter(takesPart))
  return {
    members: [...taking],
    by: Object.fromEntries(names.map((name) => [name, reachBy(name, members, taking)])),
  }
}

function reachBy<T extends Member>(name: string, members: readonly T[], taking: ReadonlySet<T>): Reach[] {
  const groups = Map.groupBy(members, ({ attributes }) => String(attributes[name] ?? ''))
  return [...groups]
    .map(([value, all]) => ({ value, units: all.length, in: all.filter((member) => taking.has(member)).length }))
    .toSorted((a, b) => b.units - a.units || (a.value < b.value ? -1 : 1))
}

const LOGIC = ['$or', '$nor', '$and', '$not']

/** Names of the attributes that a condition asks for, as far as it is an object of them. */
export function attributesIn(condition: unknown): string[] {
  if (Array.isArray(condition)) return [...new Set(condition.flatMap(attributesIn))]
  if (typeof condition !== 'object' || condition === null) return []
  return [
    ...new Set(
      Object.entries(condition).flatMap(([name, expected]) =>
        LOGIC.includes(name) ? attributesIn(expected) : name.startsWith('$') ? [] : [name],
      ),
    ),
  ]
}
