import { screen } from "@testing-library/react"
import { expect, test } from "vitest"
import { open } from "./open"
import { backToOrder, freshApi, http, problem, server } from "./server"

test("shows the newest items, each with a way to its page", async () => {
  const user = open("/")
  const link = await screen.findByRole("link", { name: "Brass lantern" })
  expect(screen.getByText(/^Brass lantern, number 4/)).toBeVisible()
  await user.click(link)
  expect(await screen.findByRole("heading", { name: "Brass lantern", level: 1 })).toBeVisible()
})

test("says so when there is no item", async () => {
  freshApi(0)
  open("/")
  expect(await screen.findByRole("heading", { name: "Nothing here yet" })).toBeVisible()
})

test("shows the reason and the request's id, and tries again on demand", async () => {
  server.use(http.get("*/api/items", () => problem(500, "The database said no.", { "X-Request-Id": "req-7" })))
  const user = open("/")
  const alert = await screen.findByRole("alert")
  expect(alert).toHaveTextContent("The database said no.")
  expect(alert).toHaveTextContent("req-7")
  backToOrder()
  await user.click(screen.getByRole("button", { name: "Try again" }))
  expect(await screen.findByRole("link", { name: "Brass lantern" })).toBeVisible()
  expect(screen.queryByRole("alert")).not.toBeInTheDocument()
})

test("asks nobody who has no session cookie to sign in again", async () => {
  const asked: string[] = []
  server.events.on("request:start", ({ request }) => void asked.push(new URL(request.url).pathname))
  open("/")
  expect(await screen.findByRole("link", { name: "Log in" })).toBeInTheDocument()
  await screen.findByRole("link", { name: "Brass lantern" })
  expect(asked).not.toContain("/api/auth/refresh")
})
