/** The typed name under which one module offers something to others in the same process. */
export interface Service<T> {
  readonly name: string
  /** Never set: it carries the type alone. */
  readonly type?: T
}

export const service = <T>(name: string): Service<T> => ({ name })

/** What the modules of one process offer one another; who runs elsewhere is absent. */
export interface Services {
  provide<T>(of: Service<T>, value: T): void
  /** Undefined where nobody in this process provides it. */
  find<T>(of: Service<T>): T | undefined
  /** Throws a bug: the list of modules is in the wrong order, or the role lacks a part. */
  get<T>(of: Service<T>): T
}

export function createServices(): Services {
  const provided = new Map<string, unknown>()
  return {
    provide(of, value) {
      if (provided.has(of.name)) throw new Error(`two modules provide ${of.name}`)
      provided.set(of.name, value)
    },
    find: <T>(of: Service<T>) => provided.get(of.name) as T | undefined,
    get<T>(of: Service<T>): T {
      if (!provided.has(of.name)) throw new Error(`nothing provides ${of.name} in this process`)
      return provided.get(of.name) as T
    },
  }
}
