/** Where a number leads: to the sessions that made it. */
export interface Behind {
  readonly clock: string
  /** Id of the metric, as /v1/qoe/definitions lists it; absent = sessions alone. */
  readonly metric?: string
  /**
   * Name (any of /v1/qoe/definitions' dimensions, profile_id, session_id) to values: those of a name are alternatives,
   * names apply together.
   */
  readonly filters?: Readonly<Record<string, string | number | readonly (string | number)[]>>
  /** ms of the clock: inclusive, exclusive. */
  readonly from?: number
  readonly to?: number
  /** Which sessions belong to the period: as the metric says (by start or by end), or all that were open in it. */
  readonly time?: 'open'
}

/**
 * The page *Sessions* of a number: `/sessions?clock=…&metric=ID&from=MS&to=MS&filter=NAME:VALUE&filter=NAME:VALUE`.
 * The parameters are those of `/v1/qoe/sessions` and `/v1/qoe/metrics`, so one question is written the same everywhere.
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

/** The page of one session. */
export const sessionLink = (clock: string, id: string): string => `/session?${new URLSearchParams({ clock, id })}`
