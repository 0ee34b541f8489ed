import { ApiError, type FieldError } from "./errors"

const TIMEOUT_MS = 15_000
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504]

export interface Call {
  method: string
  /** Below /api, with the query. */
  path: string
  headers?: Headers
  body?: unknown
  signal?: AbortSignal | null
  /** Let the request finish even when the page goes away. */
  keepalive?: boolean
  /** Statuses that are answers too, though not of the 200s. */
  alsoGood?: readonly number[]
}

export interface Answer<T> {
  data: T
  status: number
  headers: Headers
  requestId: string
}

/** Ask the API for JSON; whatever is not a good answer becomes an ApiError. */
export async function ask<T>(call: Call): Promise<Answer<T>> {
  // Sent along, so that an error can be traced even when the answer comes from the edge and not from the API.
  const ownId = crypto.randomUUID()
  const response = await send(call, ownId)
  const { status, headers } = response
  const requestId = headers.get("X-Request-Id") ?? ownId
  const body = await readJson(response)
  if (response.ok && body === undefined && status === 200) {
    throw new ApiError("shape", "The API's answer was not JSON.", { requestId, status })
  }
  if (response.ok || (call.alsoGood?.includes(status) && body !== undefined)) {
    return { data: body as T, status, headers, requestId }
  }
  const facts = { requestId, status, retryAfterS: retryAfter(response), fields: fieldErrors(body) }
  throw new ApiError("status", describe(status, body), facts)
}

async function send(call: Call, requestId: string): Promise<Response> {
  const headers = new Headers(call.headers)
  headers.set("Accept", "application/json")
  headers.set("X-Request-Id", requestId)
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetch(`/api${call.path}`, {
      method: call.method,
      headers,
      signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
      ...(call.keepalive && { keepalive: true }),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    })
  } catch (cause) {
    if (call.signal?.aborted) throw cause
    const isSlow = cause instanceof DOMException && cause.name === "TimeoutError"
    const message = isSlow
      ? `The API did not answer within ${TIMEOUT_MS / 1000} seconds.`
      : "The API could not be reached. Is this device online?"
    throw new ApiError("network", message, { requestId }, { cause })
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** The detail of a problem document (RFC 9457), or words for the status. */
function describe(status: number, body: unknown): string {
  if (isObject(body)) {
    if (typeof body.detail === "string" && body.detail !== "") return body.detail
    if (typeof body.title === "string" && body.title !== "") return body.title
  }
  if (status === 429) return "Too many requests from here just now."
  if (GATEWAY_STATUSES.includes(status)) return `The API is not reachable just now (status ${status}).`
  return `The API answered with status ${status}.`
}

function fieldErrors(body: unknown): FieldError[] {
  if (!isObject(body) || !Array.isArray(body.errors)) return []
  return body.errors.filter((entry): entry is FieldError => {
    return isObject(entry) && Array.isArray(entry.location) && typeof entry.detail === "string"
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

function retryAfter(response: Response): number | null {
  const header = response.headers.get("Retry-After")
  const seconds = header === null ? Number.NaN : Number(header)
  return Number.isFinite(seconds) ? seconds : null
}
