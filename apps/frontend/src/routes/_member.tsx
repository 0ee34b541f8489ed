import { createFileRoute } from "@tanstack/react-router"
import { membersOnly } from "@/session/guards"

/** Everything below needs a user. */
export const Route = createFileRoute("/_member")({ beforeLoad: membersOnly })
