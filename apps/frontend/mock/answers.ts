import { HttpResponse } from "msw"
import type { Account, State } from "./state.ts"

export interface Fault {
  location: (string | number)[]
  detail: string
}

/** An error in the API's own shape. */
export function problem(status: number, detail: string, headers: Record<string, string> = {}, errors?: Fault[]) {
  const body = {
    type: "about:blank",
    title: "Error",
    status,
    detail,
    request_id: "req-mock",
    ...(errors && { errors }),
  }
  return HttpResponse.json(body, { status, headers: { "Content-Type": "application/problem+json", ...headers } })
}

/** What the API says of one field of the body. */
export function fieldProblem(status: number, field: string, detail: string) {
  return problem(status, detail, {}, [{ location: ["body", field], detail }])
}

export const needsSignIn = () => problem(401, "Send a valid access token in the header Authorization.")
export const nothing = (status = 204) => new HttpResponse(null, { status })

/** Whoever the request's token belongs to. */
export function caller(state: State, request: Request): Account | undefined {
  const token = request.headers.get("Authorization")?.replace("Bearer ", "")
  const login = state.logins.find(({ accessToken }) => accessToken === token)
  return state.accounts.find(({ me }) => me.id === login?.userId)
}

/** One page of a list; the cursor is the place of its first entry. */
export function page<T>(entries: readonly T[], url: URL): { entries: T[]; next_cursor: string | null } {
  const start = Number(url.searchParams.get("cursor") ?? 0)
  const end = start + Number(url.searchParams.get("limit") ?? 20)
  return { entries: entries.slice(start, end), next_cursor: end < entries.length ? String(end) : null }
}

export async function bodyOf(request: Request): Promise<Record<string, string | null | undefined>> {
  return (await request.json()) as Record<string, string>
}
