import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { isOver, jobQuery } from "@/api/account"
import { isStatus } from "@/api/errors"
import { requestDeletion } from "@/client/sdk.gen"
import type { Me } from "@/client/types.gen"
import { JobProgress } from "@/components/job-progress"
import { BusyButton, Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { Actions, Dialog } from "@/components/ui/dialog"
import { required, verdicts } from "@/forms/checks"
import { PasswordField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { useSession } from "@/session/use-session"

/** The end of an account: asked for with the password, carried out in the background. */
export function DeleteAccount({ user }: { user: Me }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <Card className="border-bad/40">
      <div className="flex flex-wrap items-center justify-between gap-4 p-5 sm:p-6">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="font-semibold">Delete your account</h2>
          <p className="mt-1 text-muted-foreground text-sm">
            Your profile, items and sessions go with it. This cannot be undone, not by us either.
          </p>
        </div>
        <Button variant="danger" onClick={() => setAsking(true)}>
          Delete account
        </Button>
      </div>
      {isAsking && <Confirm user={user} onClose={() => setAsking(false)} />}
    </Card>
  )
}

function Confirm({ user, onClose }: { user: Me; onClose: () => void }) {
  const [jobId, setJobId] = useState<string | null>(null)
  const form = useForm({
    fields: ["password"],
    check: ({ password }) =>
      verdicts({ password: user.has_password ? required(password, "Enter your password.") : undefined }),
    send: async ({ password }) => {
      const { data } = await requestDeletion({ body: user.has_password ? { password } : {} })
      setJobId(data.id)
    },
  })
  return (
    <Dialog
      title="Delete your account for good?"
      detail={`Everything that belongs to ${user.email} will be deleted.`}
      onClose={jobId === null ? onClose : () => undefined}
    >
      {jobId === null ? (
        <form {...form.props} className="space-y-5">
          <FormError error={form.error} />
          <input type="email" name="username" autoComplete="username" value={user.email} readOnly hidden />
          {user.has_password && (
            <PasswordField form={form} name="password" label="Password" autoComplete="current-password" />
          )}
          <Actions>
            <Button variant="outline" onClick={onClose}>
              Keep my account
            </Button>
            <BusyButton variant="danger" type="submit" isBusy={form.isSending} busyLabel="Asking…">
              Delete for good
            </BusyButton>
          </Actions>
        </form>
      ) : (
        <Deletion jobId={jobId} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Deletion({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const session = useSession()
  const navigate = useNavigate()
  const query = useQuery(jobQuery(jobId))
  // Once the account is gone its job is nobody's, and its token no longer holds.
  const isGone = isStatus(query.error, 401) || isStatus(query.error, 404)
  const isDone = isGone || (isOver(query.data) && query.data?.status === "done")
  const hasFailed = query.data?.status === "failed"
  useEffect(() => {
    // The job's end is the session's too, and whichever is noticed first leads to the same page.
    session.isParting = !hasFailed
  }, [session, hasFailed])
  useEffect(() => {
    if (!isDone) return
    void navigate({ to: "/goodbye" }).then(() => session.leave(false))
  }, [isDone, navigate, session])
  const reason = hasFailed ? new Error(query.data?.error ?? "The deletion failed.") : query.error
  if (reason === null || isDone) return <JobProgress label="Deleting your account" />
  return (
    <div className="space-y-5">
      <FormError error={reason} />
      <Actions>
        <Button variant="outline" onClick={onClose}>
          Close
        </Button>
      </Actions>
    </div>
  )
}
