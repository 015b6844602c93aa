/** Units of which past facts are kept: the column of a session and of an action that says whose it is. */
export const OWNERS = {
  profile: { session: 'profile_id', action: 'profile' },
  household: { session: 'household_id', action: 'household_id' },
  session: { session: 'session_id', action: 'act.session' },
} as const
export type Owner = keyof typeof OWNERS

export const isOwner = (unit: string): unit is Owner => Object.hasOwn(OWNERS, unit)
