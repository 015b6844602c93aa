/** Why a number cannot be computed from valid data: returned as a value, never NaN and never an exception. */
export type Reason =
  | 'there are too few units'
  | 'there is no variation'
  | 'the baseline is zero'
  | 'the baseline cannot be told from zero'
  | 'a denominator is zero'
  | 'the covariate does not vary'
  | 'the quantile lies beyond what so many units show'
  | 'the values around the quantile are equal'
  | 'there are no units'
  | 'a share is zero where units were counted'
  | 'no number of units reaches that power'

export interface NotComputable {
  readonly notComputable: Reason
}

export type Computed<T> = T | NotComputable

export const because = (reason: Reason): NotComputable => ({ notComputable: reason })

export const isComputed = <T extends object>(value: Computed<T>): value is T => !('notComputable' in value)

/** Applies `next` to a computed value, or passes the reason on. */
export const onward = <T extends object, U>(value: Computed<T>, next: (value: T) => Computed<U>): Computed<U> =>
  isComputed(value) ? next(value) : value

/** The same for both arms; the control's reason takes precedence. */
export const both = <T extends object, U>(
  control: Computed<T>,
  treatment: Computed<T>,
  next: (control: T, treatment: T) => Computed<U>,
): Computed<U> => onward(control, (c) => onward(treatment, (t) => next(c, t)))
