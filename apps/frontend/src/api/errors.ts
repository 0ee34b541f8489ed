/** Why a request gave no usable answer; pages decide by `kind`, never by the message. */
export type ApiErrorKind = "network" | "status" | "shape"

export class ApiError extends Error {
  override name = "ApiError"

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    readonly requestId: string,
    readonly status: number | null = null,
    readonly retryAfterS: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** Asking again may help: the network, or a server that is only just away. */
  get isTransient(): boolean {
    return this.kind === "network" || (this.status !== null && [502, 503, 504].includes(this.status))
  }
}
