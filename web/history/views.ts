/** A view is its address; a saved one has a name besides, and lives in this browser. */
export interface SavedView {
  readonly name: string
  /** What stands after the path, with its '?', or ''. */
  readonly query: string
}

/** What was kept, whatever it is: rubbish is no view. Pure. */
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

/** Saved under a name, in order of names; one name is one view. Pure. */
export const withView = (views: readonly SavedView[], view: SavedView): SavedView[] =>
  [...views.filter(({ name }) => name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name))
