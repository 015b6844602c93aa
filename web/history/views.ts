/** A view is its address; a saved view also has a name, and is stored in this browser. */
export interface SavedView {
  readonly name: string
  /** The query string of the address, with its '?', or ''. */
  readonly query: string
}

/** Parses stored views; invalid entries are dropped. Pure. */
export function readViews(text: string | null): SavedView[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found)
      ? found.flatMap((each: Partial<SavedView> | null) =>
          typeof each?.name === 'string' && typeof each.query === 'string'
            ? [{ name: each.name, query: each.query }]
            : [],
        )
      : []
  } catch {
    return []
  }
}

/** Adds a view, sorted by name; a view with the same name is replaced. Pure. */
export const withView = (views: readonly SavedView[], view: SavedView): SavedView[] =>
  [...views.filter(({ name }) => name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name))
