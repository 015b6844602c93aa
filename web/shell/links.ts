/** The sessions behind a number. */
export interface Behind {
  readonly clock: string
  /** Id of the metric, as in /v1/qoe/definitions; if absent, sessions without a metric. */
  readonly metric?: string
  /**
   * Name (any dimension of /v1/qoe/definitions, profile_id, session_id) to values: values of one name are alternatives,
   * different names apply together.
   */
  readonly filters?: Readonly<Record<string, string | number | readonly (string | number)[]>>
  /** ms of the clock: inclusive, exclusive. */
  readonly from?: number
  readonly to?: number
  /**
   * How sessions belong to the period: by default as the metric defines (by start or by end); 'open': all that were
   * open in it.
   */
  readonly time?: 'open'
}

/**
 * Link to the page *Sessions*: `/sessions?clock=…&metric=ID&from=MS&to=MS&filter=NAME:VALUE&filter=NAME:VALUE`. The
 * parameters are those of `/v1/qoe/sessions` and `/v1/qoe/metrics`, so a question is written the same everywhere.
 */
export function sessionsLink({ clock, metric, filters = {}, from, to, time }: Behind): string {
  const filter = Object.entries(filters).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => ['filter', `${name}:${value}`]),
  )
  const chosen = Object.entries({ clock, metric, from, to, time }).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return `/sessions?${new URLSearchParams([...chosen, ...filter])}`
}

/** Link to the page of one session. */
export const sessionLink = (clock: string, id: string): string => `/session?${new URLSearchParams({ clock, id })}`
