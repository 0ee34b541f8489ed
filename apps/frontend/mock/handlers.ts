import { HttpResponse, http } from "msw"
import { accountHandlers } from "./account.ts"
import { authHandlers } from "./auth.ts"
import { itemHandlers } from "./items.ts"
import type { State } from "./state.ts"

/** A stand-in for the API in good order, for tests and for `npm run demo`; no part of what is built. */
export function handlersFor(state: State) {
  return [
    http.get("*/api/health", () =>
      HttpResponse.json({ ok: true, service: "api", db_ok: true, redis_ok: true, release: state.release }),
    ),
    http.get("*/api/flags", () => HttpResponse.json({ flags: state.flags })),
    ...authHandlers(state),
    ...itemHandlers(state),
    ...accountHandlers(state),
  ]
}
