import { useEffect, useRef } from 'preact/hooks'
import { Fragment, type RefObject } from 'preact'
import { SECTIONS } from './sections.ts'

/** A key and its action; `g` takes a second key. */
export interface Key {
  readonly key: string
  readonly does: string
  readonly run?: () => void
}

const FIELDS = new Set(['INPUT', 'SELECT', 'TEXTAREA'])
/** Maximum delay of the second key, ms. */
const SECOND_MS = 1_500

const TO_SECTIONS = SECTIONS.map(({ key, name, path }): Key => ({
  key: `g ${key}`,
  does: `to ${name}`,
  run: () => location.assign(path),
}))
const ELSEWHERE: readonly Key[] = [
  { key: '← →', does: 'minute by minute along a chart that has the focus; Home and End to its ends' },
  { key: 'Esc', does: 'close; take the cursor away' },
]

/** Handles the keys of a page while its dialog is closed. */
export function useKeys(keys: readonly Key[], dialog: RefObject<HTMLDialogElement | null>): void {
  const [latest, first] = [useRef(keys), useRef(-Infinity)]
  latest.current = keys
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const inField = event.target instanceof Element && FIELDS.has(event.target.tagName)
      if (event.ctrlKey || event.metaKey || event.altKey || inField || dialog.current?.open === true) return
      const pressed = performance.now() - first.current < SECOND_MS ? `g ${event.key}` : event.key
      first.current = event.key === 'g' ? performance.now() : -Infinity
      const found = latest.current.find(({ key, run }) => key === pressed && run !== undefined)
      if (found === undefined) return
      event.preventDefault()
      found.run?.()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** All keys of a page: the common ones around its own. */
export const allKeys = (show: () => void, own: readonly Key[]): readonly Key[] => [
  { key: '?', does: 'these keys', run: show },
  ...own,
  ...TO_SECTIONS,
  ...ELSEWHERE,
]

/** Dialog that lists the keys, from the same list. */
export function KeysDialog({
  keys,
  dialog,
}: {
  readonly keys: readonly Key[]
  readonly dialog: RefObject<HTMLDialogElement | null>
}) {
  return (
    <dialog id="help" aria-labelledby="help-title" ref={dialog}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {keys.map(({ key, does }) => (
          <Fragment key={key}>
            <dt>
              {key.split(' ').map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  )
}
