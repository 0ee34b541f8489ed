import { createFileRoute } from "@tanstack/react-router"
import { DeleteAccount } from "@/components/delete-account"
import { ExportAccount } from "@/components/export-account"
import { SettingsPart } from "@/components/settings-part"
import { readJobId } from "@/lib/job-id"
import { useUser } from "@/session/use-session"

export const Route = createFileRoute("/_member/settings/privacy")({ validateSearch: readJobId, component: Privacy })

function Privacy() {
  const user = useUser()
  const { job } = Route.useSearch()
  const navigate = Route.useNavigate()
  if (!user) return null
  return (
    <SettingsPart title="Privacy" detail="Take your data with you, or have it deleted.">
      <ExportAccount jobId={job ?? null} onStart={(id) => void navigate({ search: { job: id }, replace: true })} />
      <DeleteAccount user={user} />
    </SettingsPart>
  )
}
