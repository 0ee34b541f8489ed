import { type ApiError, isStatus } from "./errors"
import { type Answer, ask, type Call } from "./http"

/**
 * What the generated client sends its requests with. The generator's own would do, but it is several times larger
 * than all of this, and knows nothing of tokens that must be renewed.
 */

type Fields = Record<string, unknown>

export interface TDataShape {
  body?: unknown
  headers?: unknown
  path?: unknown
  query?: unknown
  url: string
}

export interface Extra {
  signal?: AbortSignal
  keepalive?: boolean
  alsoGood?: readonly number[]
  headers?: object
}

// The generated functions name the last two; here an error always is an ApiError that is thrown.
export type Options<TData extends TDataShape, _Throws extends boolean = boolean, _Response = unknown> = Extra &
  Omit<TData, "url">

type OneOf<T> = T extends Record<PropertyKey, unknown> ? T[keyof T] : T
export type RequestResult<TData, _Errors = unknown, _Throws extends boolean = boolean> = Promise<Answer<OneOf<TData>>>

interface Security {
  type?: string
  scheme?: string
  in?: string
  name?: string
}

interface Request extends Extra {
  url: string
  body?: unknown
  path?: unknown
  query?: unknown
  security?: readonly Security[]
}

type Method = <TData, _Errors = unknown, _Throws extends boolean = boolean>(
  request: Request,
) => Promise<Answer<OneOf<TData>>>

export interface Client {
  get: Method
  post: Method
  put: Method
  patch: Method
  delete: Method
}

export type ClientMeta = Record<never, never>
// biome-ignore lint/complexity/noBannedTypes: the generated code extends it.
export type ClientOptions = {}
export type Config<T extends ClientOptions = ClientOptions> = T

/** Where access tokens come from. */
export interface TokenSource {
  /** One that should still hold, or null for a visitor. */
  token(): Promise<string | null>
  /** Another in place of one that was refused, or null when the session is over. */
  renew(refused: string): Promise<string | null>
}

let tokens: TokenSource = { token: async () => null, renew: async () => null }

export function takeTokensFrom(source: TokenSource): void {
  tokens = source
}

export function createConfig<T>(config = {} as T): T {
  return config
}

export function createClient(_config: unknown): Client {
  const method = (name: string): Method => {
    return <TData>(request: Request) => perform<OneOf<TData>>(name, request)
  }
  return {
    get: method("GET"),
    post: method("POST"),
    put: method("PUT"),
    patch: method("PATCH"),
    delete: method("DELETE"),
  }
}

async function perform<T>(method: string, request: Request): Promise<Answer<T>> {
  const call: Call = {
    method,
    path: address(request),
    body: request.body,
    signal: request.signal ?? null,
    keepalive: request.keepalive ?? false,
    alsoGood: request.alsoGood ?? [],
  }
  const wantsToken = request.security?.some(({ scheme }) => scheme === "bearer") ?? false
  const token = wantsToken ? await tokens.token() : null
  try {
    return await ask<T>({ ...call, headers: headersOf(request, token) })
  } catch (error) {
    if (token === null || !isStatus(error, 401)) throw error
    return await again<T>(call, request, token, error)
  }
}

/** Once more with a new token: the one sent may have been revoked or just run out. */
async function again<T>(call: Call, request: Request, refused: string, error: ApiError): Promise<Answer<T>> {
  const token = await tokens.renew(refused)
  if (token === null) throw error
  return await ask<T>({ ...call, headers: headersOf(request, token) })
}

function headersOf(request: Request, token: string | null): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries((request.headers ?? {}) as Fields)) {
    if (value !== undefined && value !== null) headers.set(name, String(value))
  }
  if (request.body === undefined) headers.delete("Content-Type")
  if (token !== null) headers.set("Authorization", `Bearer ${token}`)
  return headers
}

function address(request: Request): string {
  const path = Object.entries((request.path ?? {}) as Fields).reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(String(value))),
    request.url,
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries((request.query ?? {}) as Fields)) {
    if (value !== undefined && value !== null) query.set(name, String(value))
  }
  return query.size > 0 ? `${path}?${query}` : path
}
