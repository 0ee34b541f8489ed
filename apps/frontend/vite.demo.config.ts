import type { IncomingMessage, ServerResponse } from "node:http"
import { setTimeout } from "node:timers/promises"
import { getResponse } from "msw"
import { type Connect, mergeConfig, type PluginOption } from "vite"
import { newLogin } from "./mock/auth.ts"
import { handlersFor } from "./mock/handlers.ts"
import { makeState } from "./mock/state.ts"
import site from "./vite.config.ts"

/** As the edge sends it, so that what it forbids fails here too. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

/** What a slow line adds to each answer of the API, after the API has done its part. */
const LATENCY_MS = Number(process.env.LATENCY_MS ?? 0)

/** `npm run demo`: the built site with a stand-in for the API; everybody's password is in mock/state.ts. */
export default mergeConfig(site, {
  plugins: [mockApi()],
  preview: { port: 4180, strictPort: true, headers: { "Content-Security-Policy": POLICY } },
})

function mockApi(): PluginOption {
  const state = makeState()
  const elsewhere =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
  for (const account of state.accounts) newLogin(state, account, elsewhere)
  const handlers = handlersFor(state)
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (!request.url?.startsWith("/api/")) return next()
    respond(handlers, request, response).catch(next)
  }
  return { name: "mock-api", configurePreviewServer: ({ middlewares }) => void middlewares.use(answer) }
}

async function respond(handlers: ReturnType<typeof handlersFor>, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const hasBody = chunks.length > 0
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const asked = new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method ?? "GET",
    headers,
    ...(hasBody && { body: Buffer.concat(chunks) }),
  })
  const answered = await getResponse(handlers, asked)
  await setTimeout(LATENCY_MS)
  response.statusCode = answered?.status ?? 404
  for (const [name, value] of answered?.headers ?? []) response.appendHeader(name, value)
  response.end(answered ? await answered.text() : "")
}
