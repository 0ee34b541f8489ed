import { screen, waitFor, within } from "@testing-library/react"
import { expect, test } from "vitest"
import { address, open, openAs } from "./open"
import { api, freshApi, HttpResponse, http, problem, server } from "./server"

/** Items that the list shows, from the top. */
function titles(): string[] {
  return within(screen.getByRole("main"))
    .queryAllByRole("heading", { level: 2 })
    .map((heading) => heading.textContent ?? "")
}

async function listed(title: string) {
  return await screen.findByRole("link", { name: title })
}

test("a visitor reads all items and changes none", async () => {
  open("/items")
  await listed("Brass lantern")
  expect(titles()).toEqual(["Brass lantern", "Old anchor chain", "Tarred sextant", "Spare mooring line"])
  expect(screen.queryByRole("button", { name: /^(Edit|Delete|New)/ })).not.toBeInTheDocument()
  expect(screen.getByRole("link", { name: "Log in to add items" })).toBeVisible()
})

test("a member may change what is theirs, staff everything", async () => {
  openAs("ada@example.org", "/items")
  await listed("Brass lantern")
  const changeable = () => screen.getAllByRole("button", { name: /^Edit/ }).map((button) => button.ariaLabel)
  expect(changeable()).toEqual(["Edit Brass lantern", "Edit Spare mooring line"])
})

test("searching shows what fits, and stands in the address", async () => {
  const user = open("/items")
  await listed("Brass lantern")
  await user.type(screen.getByRole("searchbox", { name: "Search titles" }), "ANCHOR")
  await waitFor(() => expect(titles()).toEqual(["Old anchor chain"]))
  expect(address()).toBe("/items?q=ANCHOR")
  await user.type(screen.getByRole("searchbox"), "zz")
  expect(await screen.findByRole("heading", { name: "Nothing found" })).toBeVisible()
  await user.clear(screen.getByRole("searchbox"))
  await waitFor(() => expect(titles()).toHaveLength(4))
  expect(address()).toBe("/items")
})

test("one's own items have an address of their own", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("link", { name: "Yours" }))
  await waitFor(() => expect(titles()).toEqual(["Brass lantern", "Spare mooring line"]))
  expect(address()).toBe("/items?owner=me")
  expect(screen.getByRole("link", { name: "Yours" })).toHaveAttribute("aria-current", "page")
  expect(screen.getByRole("link", { name: "All" })).not.toHaveAttribute("aria-current")
})

test("what the address holds beyond the filter is not sent to the API", async () => {
  const asked: string[] = []
  server.events.on("request:start", ({ request }) => void asked.push(new URL(request.url).search))
  open("/items?owner=everybody&utm_source=x&q=oar")
  expect(await screen.findByRole("heading", { name: "Nothing found" })).toBeVisible()
  expect(asked).toContain("?q=oar&limit=12")
  expect(asked.join()).not.toMatch(/utm_source|everybody/)
})

test("the next page follows on demand, by the cursor of the last", async () => {
  freshApi(30)
  const user = open("/items")
  await listed("Brass lantern")
  expect(titles()).toHaveLength(12)
  await user.click(screen.getByRole("button", { name: "Load more" }))
  await waitFor(() => expect(titles()).toHaveLength(24))
  expect(screen.getByText("24 items shown")).toBeInTheDocument()
  await user.click(screen.getByRole("button", { name: "Load more" }))
  await waitFor(() => expect(titles()).toHaveLength(30))
  expect(screen.queryByRole("button", { name: "Load more" })).not.toBeInTheDocument()
})

test("a page that fails leaves what is there, and can be had again", async () => {
  freshApi(30)
  server.use(
    http.get(
      "*/api/items",
      ({ request }) =>
        request.url.includes("cursor=") ? problem(429, "Slow down.", { "Retry-After": "9" }) : undefined,
      { once: false },
    ),
  )
  const user = open("/items")
  await listed("Brass lantern")
  await user.click(screen.getByRole("button", { name: "Load more" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("Slow down. Try again in 9 s.")
  expect(titles().slice(0, 12)).toHaveLength(12)
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible()
})

async function writeNew(user: ReturnType<typeof open>, title: string, description: string) {
  await user.click(await screen.findByRole("button", { name: "New item" }))
  const dialog = within(await screen.findByRole("dialog", { name: "New item" }))
  await user.type(dialog.getByLabelText("Title"), title)
  await user.type(dialog.getByLabelText("Description"), description)
  await user.click(dialog.getByRole("button", { name: "Create item" }))
}

test("a new item shows before the API has answered, and stays", async () => {
  let answer = () => {}
  const waiting = new Promise<void>((resolve) => {
    answer = resolve
  })
  server.use(
    http.post("*/api/items", async () => {
      await waiting
    }),
  )
  const user = openAs("ada@example.org", "/items")
  await listed("Brass lantern")
  await writeNew(user, "A small boat", "Blue, with a red sail.")
  expect(await screen.findByText("Saving…")).toBeVisible()
  expect(titles()[0]).toBe("A small boat")
  answer()
  expect(await listed("A small boat")).toBeVisible()
  expect(await screen.findByText("Item created")).toBeVisible()
  expect(api.state.items[0]).toMatchObject({ title: "A small boat", description: "Blue, with a red sail." })
})

test("a refused item is taken back, and its text returns with the reason at the field", async () => {
  const user = openAs("ada@example.org", "/items")
  await listed("Brass lantern")
  await writeNew(user, "refuse me", "Kept words")
  const dialog = within(await screen.findByRole("dialog", { name: "New item" }))
  await waitFor(() => expect(dialog.getByLabelText("Title")).toHaveAccessibleDescription("This title is taken."))
  expect(dialog.getByLabelText("Title")).toHaveValue("refuse me")
  expect(dialog.getByLabelText("Description")).toHaveValue("Kept words")
  expect(screen.queryByText("Saving…")).not.toBeInTheDocument()
})

test("an item needs a title", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("button", { name: "New item" }))
  await user.click(await screen.findByRole("button", { name: "Create item" }))
  expect(screen.getByLabelText("Title")).toHaveAccessibleDescription("Give it a title.")
})

async function rewrite(user: ReturnType<typeof open>, title: string) {
  await user.click(await screen.findByRole("button", { name: "Edit" }))
  const field = await screen.findByLabelText("Title")
  await user.clear(field)
  await user.type(field, title)
}

test("an edited item shows its new text at once, and keeps it", async () => {
  const item = api.state.items[0]
  const user = openAs("ada@example.org", `/items/${item?.id}`)
  await rewrite(user, "Tin lantern")
  await user.click(screen.getByRole("button", { name: "Save changes" }))
  expect(await screen.findByRole("heading", { name: "Tin lantern", level: 1 })).toBeVisible()
  expect(await screen.findByText("Changes saved")).toBeVisible()
  expect(item).toMatchObject({ title: "Tin lantern", version: 2 })
})

test("an edit that fails goes back, and its text returns with the reason", async () => {
  server.use(http.patch("*/api/items/:id", () => HttpResponse.error()))
  const user = openAs("ada@example.org", `/items/${api.state.items[0]?.id}`)
  await rewrite(user, "Tin lantern")
  await user.click(screen.getByRole("button", { name: "Save changes" }))
  expect(await screen.findByRole("alert")).toHaveTextContent("The API could not be reached.")
  expect(screen.getByLabelText("Title")).toHaveValue("Tin lantern")
  expect(screen.getByRole("heading", { name: "Brass lantern", level: 1, hidden: true })).toBeInTheDocument()
})

test.each([
  ["Save mine over it", "Tin lantern"],
  ["Keep theirs", "Iron lantern"],
])("when two changed the same item, '%s' leaves %s", async (choice, title) => {
  const item = api.state.items[0]
  const user = openAs("ada@example.org", `/items/${item?.id}`)
  await rewrite(user, "Tin lantern")
  Object.assign(item ?? {}, { title: "Iron lantern", version: 2 })
  await user.click(screen.getByRole("button", { name: "Save changes" }))
  const dialog = within(await screen.findByRole("dialog", { name: "This item was changed meanwhile" }))
  expect(dialog.getByText("Iron lantern")).toBeVisible()
  expect(dialog.getByText("Tin lantern")).toBeVisible()
  await user.click(dialog.getByRole("button", { name: choice }))
  expect(await screen.findByRole("heading", { name: title, level: 1 })).toBeVisible()
  await waitFor(() => expect(item?.title).toBe(title))
})

/** Of the notice about the deletion: another test's may still be there. */
function dismissButton(): HTMLElement {
  const notice = screen.getByText("Item deleted").closest<HTMLElement>(".rise")
  return within(notice ?? document.body).getByRole("button", { name: "Dismiss" })
}

test("a deleted item is gone at once, and back when that is undone", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("button", { name: "Delete Brass lantern" }))
  await waitFor(() => expect(screen.queryByRole("link", { name: "Brass lantern" })).not.toBeInTheDocument())
  await user.click(screen.getByRole("button", { name: "Undo" }))
  expect(await listed("Brass lantern")).toBeVisible()
  expect(api.state.items).toHaveLength(4)
})

test("a deletion is carried out once it can no longer be undone", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("button", { name: "Delete Brass lantern" }))
  expect(api.state.items).toHaveLength(4)
  await user.click(dismissButton())
  await waitFor(() => expect(api.state.items).toHaveLength(3))
  expect(screen.queryByRole("link", { name: "Brass lantern" })).not.toBeInTheDocument()
})

test("leaving the page carries out what could still be undone", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("button", { name: "Delete Brass lantern" }))
  window.dispatchEvent(new Event("pagehide"))
  await waitFor(() => expect(api.state.items).toHaveLength(3))
})

test("an item that somebody changed is not deleted, and comes back with the reason", async () => {
  const user = openAs("ada@example.org", "/items")
  await user.click(await screen.findByRole("button", { name: "Delete Brass lantern" }))
  Object.assign(api.state.items[0] ?? {}, { version: 7 })
  await user.click(dismissButton())
  expect(await screen.findByText("The item could not be deleted")).toBeVisible()
  expect(screen.getByText("Brass lantern: Somebody changed it in the meantime.")).toBeVisible()
  expect(await listed("Brass lantern")).toBeVisible()
})

test("deleting on an item's own page leads to the list, and undoing back", async () => {
  const id = api.state.items[0]?.id
  const user = openAs("ada@example.org", `/items/${id}`)
  await user.click(await screen.findByRole("button", { name: "Delete" }))
  expect(await screen.findByRole("heading", { name: "Items", level: 1 })).toBeVisible()
  expect(screen.queryByRole("link", { name: "Brass lantern" })).not.toBeInTheDocument()
  await user.click(screen.getByRole("button", { name: "Undo" }))
  expect(await screen.findByRole("heading", { name: "Brass lantern", level: 1 })).toBeVisible()
  expect(address()).toBe(`/items/${id}`)
})
