import { ApiError } from "./errors"

const TIMEOUT_MS = 10_000
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504]

export interface Reply {
  status: number
  body: unknown
  requestId: string
}

/** Ask the API for JSON; statuses in `alsoGood` are answers too, all others become an ApiError. */
export async function getJson(path: string, signal: AbortSignal, alsoGood: readonly number[] = []): Promise<Reply> {
  // Sent along, so that an error can be traced even when the answer comes from the edge and not from the API.
  const ownId = crypto.randomUUID()
  const response = await send(path, signal, ownId)
  const requestId = response.headers.get("X-Request-Id") ?? ownId
  const body = await readJson(response)
  if (response.ok && body === undefined) {
    throw new ApiError("shape", "The API's answer was not JSON.", requestId, response.status)
  }
  if (response.ok || (alsoGood.includes(response.status) && body !== undefined)) {
    return { status: response.status, body, requestId }
  }
  throw new ApiError("status", describe(response.status, body), requestId, response.status, retryAfter(response))
}

async function send(path: string, signal: AbortSignal, requestId: string): Promise<Response> {
  try {
    return await fetch(`/api${path}`, {
      headers: { Accept: "application/json", "X-Request-Id": requestId },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
  } catch (cause) {
    if (signal.aborted) throw cause
    const isSlow = cause instanceof DOMException && cause.name === "TimeoutError"
    const message = isSlow ? "The API did not answer within 10 seconds." : "The API could not be reached."
    throw new ApiError("network", message, requestId, null, null, { cause })
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
  if (typeof body === "object" && body !== null) {
    if ("detail" in body && typeof body.detail === "string") return body.detail
    if ("title" in body && typeof body.title === "string") return body.title
  }
  if (status === 429) return "Too many requests from here just now."
  if (GATEWAY_STATUSES.includes(status)) return `The API is not reachable just now (status ${status}).`
  return `The API answered with status ${status}.`
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}
