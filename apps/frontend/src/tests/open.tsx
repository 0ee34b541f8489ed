import { createMemoryHistory } from "@tanstack/react-router"
import { render } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { App } from "@/app"
import { makeRouter } from "@/router"

/** Open the site at a path; returns the one who uses it. */
export function open(path: string) {
  render(<App router={makeRouter(createMemoryHistory({ initialEntries: [path] }))} />)
  return userEvent.setup()
}
