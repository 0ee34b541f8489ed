import { HttpResponse, http } from "msw"
import type { Item } from "../src/client/types.gen"
import { bodyOf, caller, fieldProblem, needsSignIn, nothing, page, problem } from "./answers.ts"
import { item, type State } from "./state.ts"

const headersOf = ({ version }: Item) => ({ ETag: `"${version}"` })

export function itemHandlers(state: State) {
  const byId = (id: unknown) => state.items.find((entry) => entry.id === id)
  /** The item, or why this request may not change it. */
  const toChange = (request: Request, id: unknown) => {
    const user = caller(state, request)
    const found = byId(id)
    if (!user) return needsSignIn()
    if (!found) return problem(404, "There is no such item.")
    if (found.owner_id !== user.me.id && !user.me.is_staff) return problem(403, "The item belongs to somebody else.")
    const wanted = request.headers.get("If-Match")
    return wanted && wanted !== `"${found.version}"` ? problem(412, "The item was changed meanwhile.") : found
  }
  return [
    http.get("*/api/items", ({ request }) => {
      const url = new URL(request.url)
      const part = (url.searchParams.get("q") ?? "").toLowerCase()
      const owner = url.searchParams.get("owner") === "me" ? caller(state, request)?.me.id : null
      if (owner === undefined) return needsSignIn()
      const fits = state.items.filter(
        ({ title, owner_id }) => title.toLowerCase().includes(part) && (owner === null || owner_id === owner),
      )
      const { entries, next_cursor } = page(fits, url)
      return HttpResponse.json({ items: entries, next_cursor })
    }),
    http.post("*/api/items", async ({ request }) => {
      const user = caller(state, request)
      if (!user) return needsSignIn()
      const { title, description } = await bodyOf(request)
      if (title === "refuse me") return fieldProblem(422, "title", "This title is taken.")
      const made = item(title ?? "", user, 0, description ?? "")
      state.items.unshift(made)
      return HttpResponse.json(made, { status: 201, headers: headersOf(made) })
    }),
    http.get("*/api/items/:id", ({ params }) => {
      const found = byId(params.id)
      return found ? HttpResponse.json(found, { headers: headersOf(found) }) : problem(404, "There is no such item.")
    }),
    http.patch("*/api/items/:id", async ({ request, params }) => {
      const found = toChange(request, params.id)
      if (found instanceof Response) return found
      const changes = (await bodyOf(request)) as Partial<Item>
      Object.assign(found, changes, { version: found.version + 1, updated_at: new Date().toISOString() })
      return HttpResponse.json(found, { headers: headersOf(found) })
    }),
    http.delete("*/api/items/:id", ({ request, params }) => {
      const found = toChange(request, params.id)
      if (found instanceof Response) return found
      state.items = state.items.filter((entry) => entry !== found)
      return nothing()
    }),
  ]
}
