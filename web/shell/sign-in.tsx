import { signal, type ReadonlySignal } from '@preact/signals'
import { tell } from './feed.ts'
import type { Shown } from './state.ts'
import { keep, kept } from './storage.ts'

const PATH = '/v1/sign-in'
/** Name of the key that this browser signed in with. The key itself is in no script's reach. */
const NAME = 'signed-in'

const refusal = signal('')

/** Asks for a key where the API wants one. The browser then sends a session cookie with everything it asks for. */
export function SignIn({ standing }: { readonly standing: ReadonlySignal<Shown> }) {
  if (standing.value.isKeyWanted !== true) return null
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const key = new FormData(event.currentTarget as HTMLFormElement).get('key')
    const { data, failure } = await tell<{ name: string }>(PATH, { key }, 'PUT')
    refusal.value = failure === undefined ? '' : `${failure.title}.`
    if (data === undefined) return
    keep(NAME, data.name)
    location.reload()
  }
  return (
    <form class="sign-in" aria-label="Sign in" onSubmit={(event) => void submit(event)}>
      <label for="sign-in-key">Key or access token</label>
      <input
        id="sign-in-key"
        name="key"
        type="password"
        autocomplete="current-password"
        required
        aria-describedby="sign-in-refusal"
      />
      <button type="submit">Sign in</button>
      <p id="sign-in-refusal" class="note" role="alert">
        {refusal}
      </p>
    </form>
  )
}

/** Who is signed in, and the way out. */
export function SignOut() {
  const name = kept(NAME) ?? ''
  if (name === '') return null
  const leave = async (): Promise<void> => {
    await fetch(PATH, { method: 'DELETE' })
    keep(NAME, '')
    location.reload()
  }
  return (
    <button type="button" id="sign-out" title={`Signed in as ${name}`} onClick={() => void leave()}>
      Sign out
    </button>
  )
}
