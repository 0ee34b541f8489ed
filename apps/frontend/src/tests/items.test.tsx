import { screen } from "@testing-library/react"
import { HttpResponse, http } from "msw"
import { expect, test } from "vitest"
import { open } from "./open"
import { item, problem, server } from "./server"

test("lists the newest items", async () => {
  open("/")
  expect(await screen.findByRole("heading", { name: "Item 2" })).toBeVisible()
  expect(screen.getByText("What item 1 is about")).toBeVisible()
  expect(screen.queryByRole("button", { name: "Load more" })).not.toBeInTheDocument()
})

test("says so when there is no item", async () => {
  server.use(http.get("/api/items", () => HttpResponse.json({ items: [], next_cursor: null })))
  open("/")
  expect(await screen.findByRole("heading", { name: "Nothing here yet" })).toBeVisible()
})

test("loads the next page by the cursor of the last one", async () => {
  const cursors: (string | null)[] = []
  server.use(
    http.get("/api/items", ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor")
      cursors.push(cursor)
      return HttpResponse.json(
        cursor === null ? { items: [item(2)], next_cursor: "after=2&x" } : { items: [item(1)], next_cursor: null },
      )
    }),
  )
  const user = open("/")
  await user.click(await screen.findByRole("button", { name: "Load more" }))
  expect(await screen.findByRole("heading", { name: "Item 1" })).toBeVisible()
  expect(screen.getByRole("heading", { name: "Item 2" })).toBeVisible()
  expect(screen.getByText("2 items shown")).toBeInTheDocument()
  expect(cursors).toEqual([null, "after=2&x"])
})

test("shows the reason and the request's id, and tries again on demand", async () => {
  server.use(http.get("/api/items", () => problem(500, "The database said no.", { "X-Request-Id": "req-7" })))
  const user = open("/")
  const alert = await screen.findByRole("alert")
  expect(alert).toHaveTextContent("The database said no.")
  expect(alert).toHaveTextContent("req-7")
  server.resetHandlers()
  await user.click(screen.getByRole("button", { name: "Try again" }))
  expect(await screen.findByRole("heading", { name: "Item 1" })).toBeVisible()
  expect(screen.queryByRole("alert")).not.toBeInTheDocument()
})

test("keeps what it has when the next page fails", async () => {
  server.use(
    http.get("/api/items", ({ request }) =>
      request.url.includes("cursor=")
        ? problem(429, "Slow down.", { "Retry-After": "9" })
        : HttpResponse.json({ items: [item(2)], next_cursor: "next" }),
    ),
  )
  const user = open("/")
  await user.click(await screen.findByRole("button", { name: "Load more" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("Slow down. Try again in 9 s.")
  expect(screen.getByRole("heading", { name: "Item 2" })).toBeVisible()
})

test("names the field when an answer has another shape", async () => {
  server.use(http.get("/api/items", () => HttpResponse.json({ items: [{ id: 1 }], next_cursor: null })))
  open("/")
  expect(await screen.findByRole("alert")).toHaveTextContent("id should be a text")
})
