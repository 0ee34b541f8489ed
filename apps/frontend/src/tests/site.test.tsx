import { screen, waitFor } from "@testing-library/react"
import axe from "axe-core"
import { expect, test } from "vitest"
import { open } from "./open"

// jsdom draws nothing, so contrast is left to a browser.
const RULES = { rules: { "color-contrast": { enabled: false } } }

async function violations() {
  return (await axe.run(document, RULES)).violations.map(({ id, nodes }) => ({
    id,
    at: nodes.map((node) => node.html),
  }))
}

test("start page has no accessibility violation", async () => {
  document.documentElement.lang = "en"
  open("/")
  await screen.findByRole("heading", { name: "Item 1" })
  expect(await violations()).toEqual([])
})

test("unknown address gives the not-found page, with a way home and a title", async () => {
  document.documentElement.lang = "en"
  const user = open("/no/such/page")
  expect(await screen.findByRole("heading", { name: "There is no page at this address." })).toBeVisible()
  await waitFor(() => expect(document.title).toBe("Page not found · Slipway"))
  expect(await violations()).toEqual([])
  await user.click(screen.getByRole("link", { name: "Go to the start page" }))
  expect(await screen.findByRole("heading", { name: "Launched, checked and under way." })).toBeVisible()
  await waitFor(() => expect(document.title).toBe("Slipway"))
})

test("theme button switches and is remembered", async () => {
  const user = open("/")
  await user.click(await screen.findByRole("button", { name: "Use the dark theme" }))
  expect(document.documentElement).toHaveClass("dark")
  expect(localStorage.getItem("slipway-theme")).toBe("dark")
  await user.click(screen.getByRole("button", { name: "Use the light theme" }))
  expect(document.documentElement).not.toHaveClass("dark")
})

test("first stop of the keyboard leads past the header", async () => {
  const user = open("/")
  await screen.findByRole("heading", { name: "Item 1" })
  await user.tab()
  expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus()
})
