/** Why a request gave no usable answer; pages decide by `kind` and `status`, never by the message. */
export type ApiErrorKind = "network" | "status" | "shape"

/** What the API says of one part of a request: `location` is ["body", "email"] and the like. */
export interface FieldError {
  location: readonly (string | number)[]
  detail: string
}

interface Facts {
  requestId: string
  status?: number
  retryAfterS?: number | null
  fields?: readonly FieldError[]
}

export class ApiError extends Error {
  override name = "ApiError"
  readonly requestId: string
  readonly status: number | null
  readonly retryAfterS: number | null
  readonly fields: readonly FieldError[]

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    facts: Facts,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.requestId = facts.requestId
    this.status = facts.status ?? null
    this.retryAfterS = facts.retryAfterS ?? null
    this.fields = facts.fields ?? []
  }

  /** Asking again may help: the network, or a server that is only just away. */
  get isTransient(): boolean {
    return this.kind === "network" || (this.status !== null && [502, 503, 504].includes(this.status))
  }
}

/** Whether the API refused with this status. */
export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status
}

/** The message for people, with the time to wait where the API named one. */
export function explain(error: Error): string {
  const wait = error instanceof ApiError ? error.retryAfterS : null
  return wait === null || error.message.includes("Try again")
    ? error.message
    : `${error.message} Try again in ${inWords(wait)}.`
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`
}
