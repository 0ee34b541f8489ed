import { screen, waitFor } from "@testing-library/react"
import { expect, test } from "vitest"
import { address, openAs } from "./open"

test("staff see everyone, and find them by a part of email or name", async () => {
  const user = openAs("grace@example.org", "/users")
  expect(await screen.findByText("linus@example.org")).toBeVisible()
  expect(screen.getAllByRole("row")).toHaveLength(4)
  await user.type(screen.getByRole("searchbox", { name: "Search emails and names" }), "lovelace")
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2))
  expect(screen.getByText("ada@example.org")).toBeVisible()
  expect(address()).toBe("/users?q=lovelace")
})

test("others are told that the page is for staff, and get no link to it", async () => {
  openAs("ada@example.org", "/users")
  expect(await screen.findByRole("heading", { name: "For staff only" })).toBeVisible()
  expect(screen.queryByRole("link", { name: "Users" })).not.toBeInTheDocument()
})
