import { redirect } from "@tanstack/react-router"
import type { Session } from "./session"

interface Visit {
  context: { session: Session }
  location: { href: string }
}

/** Let members pass; send others to sign in, and back here afterwards. */
export async function membersOnly({ context, location }: Visit): Promise<void> {
  await context.session.restore()
  if (context.session.state.status === "member") return
  if (context.session.isParting) throw redirect({ to: "/goodbye" })
  throw redirect({ to: "/login", search: { next: location.href } })
}

interface Entrance {
  context: Visit["context"]
  search: { next?: string | undefined }
}

/** Pages for those who are not signed in; members have nothing to do there. */
export async function visitorsOnly({ context, search }: Entrance): Promise<void> {
  await context.session.restore()
  if (context.session.state.status === "member") throw redirect({ href: search.next ?? "/dashboard" })
}

/** A page of this site to go to after signing in; anything else in the address is dropped. */
export function readNext(search: Record<string, unknown>): { next?: string | undefined } {
  const { next } = search
  // Named even when dropped: a key that is left out keeps what the address holds.
  return { next: typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : undefined }
}
