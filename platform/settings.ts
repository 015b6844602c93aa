import { isIP } from 'node:net'

/** One environment variable with its documentation and checks. */
export interface Variable<T = unknown> {
  readonly name: string
  /** Value as text if the variable is unset; '' = no value. */
  readonly fallback: string
  /** Text for the configuration page: meaning, units, and the effect of leaving it unset. */
  readonly doc: string
  /** Returns what is wrong with a value, or undefined. */
  readonly check: (value: string) => string | undefined
  readonly read: (value: string) => T
}

/** Variables that belong together, declared by the module that reads them. */
export interface Settings<T extends object = Readonly<Record<string, unknown>>> {
  /** Heading of their table on the configuration page. */
  readonly title: string
  readonly variables: { readonly [Field in keyof T]: Variable<T[Field]> }
}

/** The values of a group of settings, such as `ValuesOf<typeof SINK>`. */
export type ValuesOf<Group> = Group extends Settings<infer T> ? T : never

export const settings = <T extends object>(title: string, variables: Settings<T>['variables']): Settings<T> => ({
  title,
  variables,
})

export const variablesOf = (group: Settings): readonly Variable[] => Object.values(group.variables)

type Check = Variable['check']
const anything: Check = () => undefined
const asText = (value: string): string => value

const texts = (name: string, fallback: string, doc: string, check: Check): Variable<string> => ({
  name,
  fallback,
  doc,
  check,
  read: asText,
})
const lists = (name: string, fallback: string, doc: string, check: Check): Variable<readonly string[]> => ({
  name,
  fallback,
  doc,
  check,
  read: listOf,
})

export const text = (name: string, fallback: string, doc: string): Variable<string> =>
  texts(name, fallback, doc, anything)

export const oneOf = (name: string, options: readonly string[], fallback: string, doc: string): Variable<string> =>
  texts(name, fallback, doc, (value) => (options.includes(value) ? undefined : `must be one of ${options.join(', ')}`))

export const integer = (name: string, min: number, max: number, fallback: number, doc: string): Variable<number> => ({
  name,
  fallback: String(fallback),
  doc,
  check: (value) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`,
  read: Number,
})

export const port = (name: string, fallback: number, doc: string): Variable<number> =>
  integer(name, 0, 65_535, fallback, doc)

/** A server's URL. A password in it would be printed and logged with it. */
export const url = (name: string, doc: string): Variable<string> =>
  texts(name, '', doc, (value) => {
    const { username = '', password = '' } = URL.parse(value) ?? {}
    if (username !== '' || password !== '')
      return 'must not hold a user or a password: they have variables of their own'
    return isHttp(value) ? undefined : 'must be an http or https URL such as http://127.0.0.1:8123'
  })

/** A URL that requests are sent to. */
export const receiver = (name: string, doc: string): Variable<string> =>
  texts(name, '', doc, (value) => (isHttp(value) ? undefined : 'must be an http or https URL'))

const isHttp = (value: string): boolean => /^https?:$/.test(URL.parse(value)?.protocol ?? '')

export const brokers = (name: string, doc: string): Variable<readonly string[]> =>
  lists(name, '', doc, (value) =>
    listOf(value).every((broker) => /^[^:\s]+:\d+$/.test(broker))
      ? undefined
      : 'must be host:port, several separated by commas',
  )

export const list = (name: string, fallback: string, doc: string): Variable<readonly string[]> =>
  lists(name, fallback, doc, anything)

export const shortList = (name: string, max: number, what: string, doc: string): Variable<readonly string[]> =>
  lists(name, '', doc, (value) => (listOf(value).length <= max ? undefined : `must be at most ${max} ${what}`))

export const networks = (name: string, doc: string): Variable<readonly string[]> =>
  lists(name, '', doc, (value) =>
    listOf(value).every(isNetwork)
      ? undefined
      : 'must be addresses or networks such as 10.0.0.0/8, separated by commas',
  )

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function isNetwork(value: string): boolean {
  const [address = '', bits, more] = value.split('/')
  const kind = isIP(address)
  return (
    kind !== 0 &&
    more === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)))
  )
}
