import { setupServer } from "msw/node"
import { handlersFor } from "../../mock/handlers.ts"
import { makeState, type State } from "../../mock/state.ts"

export { HttpResponse, http } from "msw"
export { problem } from "../../mock/answers.ts"

export const server = setupServer()

/** What the API knows in the test that runs now. */
export const api: { state: State } = { state: makeState() }

/** A fresh API in good order: three accounts, and this many items. */
export function freshApi(itemCount = 4): void {
  api.state = makeState(itemCount)
  server.resetHandlers(...handlersFor(api.state))
}

/** An API that answers as ever, but for what `server.use` has put before it. */
export function backToOrder(): void {
  server.resetHandlers(...handlersFor(api.state))
}
