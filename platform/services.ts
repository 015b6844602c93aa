/** Typed key under which a module offers a service to others in the same process. */
export interface Service<T> {
  readonly name: string
  /** Never set: it only carries the type. */
  readonly type?: T
}

export const service = <T>(name: string): Service<T> => ({ name })

/** Services that modules of one process offer each other; those of other processes are absent. */
export interface Services {
  provide<T>(of: Service<T>, value: T): void
  /** Returns undefined if no module in this process provides the service. */
  find<T>(of: Service<T>): T | undefined
  /** Throws if the service is missing, which is a bug: the modules are in the wrong order, or the role lacks a part. */
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
