import { render, type ComponentChildren, type RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ReadonlySignal } from '@preact/signals'
import type { Address } from './address.ts'
import { AddressChoice, type Choice } from './choice.tsx'
import { zone } from './format.ts'
import { allKeys, KeysDialog, useKeys, type Key } from './keys.tsx'
import { SECTIONS } from './sections.ts'
import { SignIn, SignOut } from './sign-in.tsx'
import type { Shown } from './state.ts'
import { isDark, toggleTheme } from './theme.ts'
import { voice } from './voice.ts'

export interface ShellProps {
  readonly section: string
  readonly address: Address
  readonly standing: ReadonlySignal<Shown>
  /** The sentence that answers the page's question; undefined before the first answer. */
  readonly headline: string | undefined
  /** Note below the headline. */
  readonly note: string
  /** In the left column. The key `/` focuses the first. */
  readonly filters: readonly Choice[]
  /** In the bar: time range, refresh. */
  readonly bar?: readonly Choice[]
  /** Additional controls above the filters; the key `/` then focuses them. */
  readonly search?: {
    readonly label: string
    readonly element: ComponentChildren
    readonly focus: RefObject<HTMLElement | null>
    readonly submit?: () => void
  }
  /** Additional controls below the filters. */
  readonly more?: ComponentChildren
  /** Keys of this page only. */
  readonly keys?: readonly Key[]
  readonly footer: ComponentChildren
  readonly children: ComponentChildren
}

/** The frame of every page: bar, filters, headline, states, keys. */
export function Shell({ section, address, standing, filters, bar = [], search, more, ...rest }: ShellProps) {
  const [dialog, firstFilter] = [useRef<HTMLDialogElement>(null), useRef<HTMLSelectElement>(null)]
  const show = (): void => dialog.current?.showModal()
  const keys = allKeys(show, [
    {
      key: '/',
      does: `to the filter “${search?.label ?? filters[0]?.label ?? ''}”`,
      run: () => (search?.focus ?? firstFilter).current?.focus(),
    },
    ...(rest.keys ?? []),
    { key: 't', does: 'light or dark', run: toggleTheme },
  ])
  useKeys(keys, dialog)
  const submit = (event: Event): void => {
    event.preventDefault()
    search?.submit?.()
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header class="bar">
        <span class="product">playloop</span>
        <Tabs section={section} />
        <Connection standing={standing} />
        <span class="spring" />
        {bar.map((choice) => (
          <AddressChoice key={choice.name} address={address} choice={choice} />
        ))}
        <SignOut />
        <button type="button" id="help-open" aria-keyshortcuts="?" onClick={show}>
          Keys
        </button>
        <button type="button" id="theme" aria-pressed={isDark.value} aria-keyshortcuts="t" onClick={toggleTheme}>
          Dark
        </button>
      </header>
      <div class="frame">
        <form class="filters" aria-label="Filters" onSubmit={submit}>
          {search?.element}
          {filters.map((choice, i) => (
            <AddressChoice
              key={choice.name}
              address={address}
              choice={choice}
              focus={i === 0 ? firstFilter : undefined}
            />
          ))}
          {more}
          <p class="note">Times in {zone()}</p>
        </form>
        <Main standing={standing} headline={rest.headline} note={rest.note}>
          {rest.children}
        </Main>
      </div>
      <footer class="note">{rest.footer}</footer>
      <KeysDialog keys={keys} dialog={dialog} />
    </>
  )
}

const Tabs = ({ section }: { readonly section: string }) => (
  <nav aria-label="Sections">
    {SECTIONS.map(({ name, path, key }) => (
      <a
        key={name}
        href={path}
        class="tab"
        aria-keyshortcuts={`g ${key}`}
        aria-current={name === section ? 'page' : undefined}
      >
        {name}
      </a>
    ))}
  </nav>
)

/** The page's status, next to the product name. */
function Connection({ standing }: { readonly standing: ReadonlySignal<Shown> }) {
  const { word, sign, state } = standing.value
  useEffect(() => {
    document.body.dataset['state'] = state
  }, [state])
  return (
    <span id="connection" class="status" data-state={sign}>
      {word}
    </span>
  )
}

type MainProps = Pick<ShellProps, 'standing' | 'headline' | 'note' | 'children'>

/** Headline, note, banner and the page's content. */
function Main({ standing, headline, note, children }: MainProps) {
  const { state, banner } = standing.value
  const sentence = headline ?? (banner === '' ? undefined : 'No figures yet')
  return (
    <main id="main" tabindex={-1} aria-busy={state === 'loading'}>
      <h1 id="headline" class={sentence === undefined ? 'skeleton' : undefined}>
        {sentence ?? 'Loading'}
      </h1>
      <p id="note" class="note">
        {note}
      </p>
      <Banner standing={standing} />
      <SignIn standing={standing} />
      <p id="cursor-voice" class="voice" aria-live="polite">
        {voice}
      </p>
      {children}
    </main>
  )
}

/** The announced text changes only with the state; the age beside it is updated without announcement. */
function Banner({ standing }: { readonly standing: ReadonlySignal<Shown> }) {
  const { sign, banner, aged } = standing.value
  return (
    <p id="banner" class="banner" data-state={sign} hidden={banner === ''}>
      <span role="status">{banner}</span> <span>{banner === '' ? '' : aged}</span>
    </p>
  )
}

/** Renders a page into its document. */
export function open(Page: () => preact.JSX.Element): void {
  render(<Page />, document.getElementById('page')!)
}
