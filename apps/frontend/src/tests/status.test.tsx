import { screen, within } from "@testing-library/react"
import { expect, test } from "vitest"
import { open } from "./open"
import { backToOrder, HttpResponse, http, problem, server } from "./server"

const HEALTHY = { ok: true, service: "api", db_ok: true, redis_ok: true, release: "20260102-030405-abc1234" }

async function statusCard() {
  return within(await screen.findByRole("region", { name: /systems ready|system is down|does not answer/i }))
}

test("shows database, queue, release and response time of a healthy system", async () => {
  open("/")
  const card = await statusCard()
  expect(card.getByRole("heading", { name: "All systems ready" })).toBeVisible()
  expect(card.getAllByText("Ready")).toHaveLength(2)
  expect(card.getByText(HEALTHY.release)).toBeVisible()
  expect(card.getByText(/^[\d.]+ ms$/)).toBeVisible()
})

test("says which part is down when the API answers 503 with its report", async () => {
  server.use(
    http.get("*/api/health", () => HttpResponse.json({ ...HEALTHY, ok: false, db_ok: false }, { status: 503 })),
  )
  open("/")
  const card = await statusCard()
  expect(card.getByRole("heading", { name: "Part of the system is down" })).toBeVisible()
  expect(card.getByText("Down")).toBeVisible()
  expect(card.getByText("Ready")).toBeVisible()
})

test("says that the API does not answer, with the request's id, and recovers on the next check", async () => {
  server.use(http.get("*/api/health", () => problem(502, "Bad gateway", { "X-Request-Id": "req-42" })))
  const user = open("/")
  const card = await statusCard()
  expect(card.getByRole("heading", { name: "The API does not answer" })).toBeVisible()
  expect(card.getByText("req-42")).toBeVisible()
  backToOrder()
  await user.click(card.getByRole("button", { name: "Check again now" }))
  expect(await screen.findByRole("heading", { name: "All systems ready" })).toBeVisible()
})

test("tells of a newer release once another one answers", async () => {
  const user = open("/")
  const card = await statusCard()
  server.use(http.get("*/api/health", () => HttpResponse.json({ ...HEALTHY, release: "20260102-040000-def5678" })))
  await user.click(card.getByRole("button", { name: "Check again now" }))
  expect(await card.findByText("A newer release has taken over.")).toBeVisible()
  expect(card.getByRole("button", { name: "Load it" })).toBeVisible()
})
