import type { ComponentChildren } from 'preact'
import { fullTime, NONE, utc } from './format.ts'
import type { Failure } from './state.ts'

/** Placeholder while figures are loading. */
export const Skeleton = () => (
  <p class="none">
    <span class="skeleton block" />
  </p>
)

/** Placeholder for missing figures. */
export const None = ({ children = NONE }: { readonly children?: ComponentChildren }) => <p class="none">{children}</p>

export const Refused = ({ failure: { title, code } }: { readonly failure: Failure }) => (
  <None>
    {title} ({code})
  </None>
)

export interface SectionProps {
  /** Prefix of the heading's id: NAME-title. */
  readonly name: string
  readonly title: ComponentChildren
  readonly wide?: boolean
  /** Controls beside the title. */
  readonly choice?: ComponentChildren
  readonly children: ComponentChildren
}

/** A section of a page with its heading. */
export function Section({ name, title, wide = false, choice, children }: SectionProps) {
  const heading = <h2 id={`${name}-title`}>{title}</h2>
  return (
    <section class={wide ? 'panel wide' : 'panel'} aria-labelledby={`${name}-title`}>
      {choice === undefined ? (
        heading
      ) : (
        <div class="head">
          {heading}
          {choice}
        </div>
      )}
      {children}
    </section>
  )
}

export interface FooterProps {
  /** Current time of the clock, ms. */
  readonly watermark: number | null | undefined
  readonly more?: string | undefined
  readonly json: string
  /** "These figures". */
  readonly what: string
}

/** The time of the figures, and a link to them as JSON. */
export const Footer = ({ watermark, more = '', json, what }: FooterProps) => (
  <>
    <span title={typeof watermark === 'number' ? utc(watermark) : ''}>
      {typeof watermark === 'number' ? `Now on this clock: ${fullTime(watermark)}.${more}` : ''}
    </span>{' '}
    <a href={json}>{what} as JSON</a>
  </>
)
