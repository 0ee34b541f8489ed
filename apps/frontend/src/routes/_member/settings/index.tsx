import { createFileRoute, redirect } from "@tanstack/react-router"
import { readJobId } from "@/lib/job-id"

export const Route = createFileRoute("/_member/settings/")({
  validateSearch: readJobId,
  beforeLoad: ({ search }) => {
    if (search.job) throw redirect({ to: "/settings/privacy", search, replace: true })
    throw redirect({ to: "/settings/profile", replace: true })
  },
})
