/** APIs that a browser has and a server does not. */
interface Page {
  readonly navigator?: { readonly sendBeacon?: (url: string, body: string) => boolean }
  readonly document?: {
    readonly visibilityState: string
    addEventListener(event: string, listener: () => void): void
    removeEventListener(event: string, listener: () => void): void
  }
}
const page = globalThis as unknown as Page

/** Sends a request that outlives the page; false if the browser refuses it or has no `sendBeacon`. */
export const beam = (url: string, body: string): boolean => page.navigator?.sendBeacon?.(url, body) ?? false

/**
 * Calls back whenever the page is hidden, the last moment that is certain to occur; returns a function that stops it.
 */
export function onHidden(then: () => void): () => void {
  const listener = (): void => {
    if (page.document?.visibilityState === 'hidden') then()
  }
  page.document?.addEventListener('visibilitychange', listener)
  return () => page.document?.removeEventListener('visibilitychange', listener)
}
