import { HttpResponse, http } from "msw"
import { setupServer } from "msw/node"

export const HEALTHY = { ok: true, service: "api", db_ok: true, redis_ok: true, release: "20260102-030405-abc1234" }

export function item(number: number) {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    title: `Item ${number}`,
    description: `What item ${number} is about`,
    created_at: "2026-01-02T03:04:05Z",
  }
}

/** The API in good order, with two items on one page. */
export const server = setupServer(
  http.get("/api/health", () => HttpResponse.json(HEALTHY)),
  http.get("/api/items", () => HttpResponse.json({ items: [item(2), item(1)], next_cursor: null })),
)

/** An error in the API's own shape. */
export function problem(status: number, detail: string, headers: Record<string, string> = {}) {
  return HttpResponse.json(
    { type: "about:blank", title: "Error", status, detail },
    { status, headers: { "Content-Type": "application/problem+json", ...headers } },
  )
}
