import { redirect } from "@tanstack/react-router"
import { isStatus } from "@/api/errors"

type Page = "/verify-email" | "/reset-password"

/** Tokens of links that were opened; in memory only, as all secrets here. */
const held = new Map<Page, string>()

/**
 * Take the token out of the address (`#token=…`) before the page shows: what stays in the address bar ends up in
 * screenshots and in the browser's history. To be used as a route's `beforeLoad`.
 */
export function holdTokenOf(page: Page) {
  return ({ location }: { location: { hash: string } }) => {
    const token = new URLSearchParams(location.hash).get("token")
    if (!token) return
    held.set(page, token)
    throw redirect({ to: page, replace: true })
  }
}

export function heldToken(page: Page): string | null {
  return held.get(page) ?? null
}

/** The API's refusal in the words of somebody who has clicked a link; other errors as they are. */
export function ofLink(error: Error | null): Error | null {
  const isRefused = isStatus(error, 400) || isStatus(error, 422)
  return isRefused ? new Error("This link was used before, or it is too old.") : error
}

/** Forget a token that has done its work. */
export function dropToken(page: Page): void {
  held.delete(page)
}
