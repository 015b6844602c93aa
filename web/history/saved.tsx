import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { keep, kept } from '../shell/storage.ts'
import { speak } from '../shell/voice.ts'
import { readViews, withView, type SavedView } from './views.ts'

const KEY = 'playloop.history.views'

type Change = (views: readonly SavedView[], words: string) => void

/** Views stored in this browser; another tab may change them too. */
function useViews(): readonly [readonly SavedView[], Change] {
  const [views, setViews] = useState(() => readViews(kept(KEY)))
  useEffect(() => {
    const reload = (): void => setViews(readViews(kept(KEY)))
    addEventListener('storage', reload)
    return () => removeEventListener('storage', reload)
  }, [])
  const change: Change = (next, words) => {
    speak(keep(KEY, JSON.stringify(next)) ? words : 'This browser keeps nothing: bookmark the address instead')
    setViews(readViews(kept(KEY)))
  }
  return [views, change]
}

/** Named views: opened by link, renamed, deleted. */
export function Saved() {
  const [views, change] = useViews()
  const field = useRef<HTMLInputElement>(null)
  const save = (): void => {
    const name = field.current?.value.trim() ?? ''
    if (name === '') return field.current?.focus()
    change(withView(views, { name, query: location.search }), `Saved as ${name}`)
    field.current!.value = ''
  }
  return (
    <fieldset class="saved">
      <legend>Saved views</legend>
      <ul class="views" aria-label="Saved views">
        {views.map((view) => (
          <View key={view.name} view={view} views={views} change={change} />
        ))}
      </ul>
      <label>
        <span>Save this view as</span>
        <input
          ref={field}
          id="view-name"
          maxLength={80}
          autocomplete="off"
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            save()
          }}
        />
      </label>
      <button type="button" id="view-save" onClick={save}>
        Save
      </button>
    </fieldset>
  )
}

interface ViewProps {
  readonly view: SavedView
  readonly views: readonly SavedView[]
  readonly change: Change
}

function View({ view, views, change }: ViewProps) {
  const [isRenamed, setRenamed] = useState(false)
  const others = views.filter(({ name }) => name !== view.name)
  const rename = (name: string | undefined): void => {
    setRenamed(false)
    if (name === undefined) speak('Nothing renamed')
    else change(withView(others, { ...view, name }), `Renamed to ${name}`)
  }
  return (
    <li>
      {isRenamed ? (
        <NameField name={view.name} done={rename} />
      ) : (
        <a href={`${location.pathname}${view.query}`}>{view.name}</a>
      )}
      <button type="button" aria-label={`Rename ${view.name}`} onClick={() => setRenamed(true)}>
        Rename
      </button>
      <button type="button" aria-label={`Delete ${view.name}`} onClick={() => change(others, `Deleted ${view.name}`)}>
        Delete
      </button>
    </li>
  )
}

/** Enter accepts the new name, Escape keeps the old one. */
function NameField({ name, done }: { readonly name: string; readonly done: (name: string | undefined) => void }) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return (
    <input
      ref={field}
      defaultValue={name}
      aria-label={`New name of ${name}`}
      maxLength={80}
      onKeyDown={(event) => {
        const next = event.currentTarget.value.trim()
        if (event.key === 'Escape') done(undefined)
        if (event.key !== 'Enter' || next === '') return
        event.preventDefault()
        done(next)
      }}
    />
  )
}
