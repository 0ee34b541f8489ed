import { useMutation } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { MailQuestion } from "lucide-react"
import { explain } from "@/api/errors"
import { changeMe } from "@/client/sdk.gen"
import type { Me } from "@/client/types.gen"
import { FormPanel, SettingsPart } from "@/components/settings-part"
import { Badge } from "@/components/ui/badge"
import { BusyButton } from "@/components/ui/button"
import { Notice } from "@/components/ui/notice"
import { email, verdicts } from "@/forms/checks"
import { TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { toast } from "@/lib/toasts"
import { useSession, useUser } from "@/session/use-session"

export const Route = createFileRoute("/_member/settings/email")({ component: Email })

function Email() {
  const user = useUser()
  if (!user) return null
  return (
    <SettingsPart title="Email" detail="The address you log in with, and that our mails go to.">
      {user.pending_email && <Pending address={user.pending_email} />}
      <EmailForm user={user} />
    </SettingsPart>
  )
}

function Pending({ address }: { address: string }) {
  const session = useSession()
  const cancel = useMutation({
    mutationFn: () => changeMe({ body: { email: null } }),
    onSuccess: ({ data }) => {
      session.update(data)
      toast({ title: "The change is cancelled", tone: "good" })
    },
    onError: (error) => toast({ title: "The change could not be cancelled", detail: explain(error), tone: "bad" }),
  })
  return (
    <Notice
      icon={MailQuestion}
      tone="accent"
      action={
        <BusyButton
          variant="outline"
          size="small"
          isBusy={cancel.isPending}
          busyLabel="Cancelling…"
          onClick={() => cancel.mutate()}
        >
          Cancel the change
        </BusyButton>
      }
    >
      Waiting for you to open the link that we sent to <strong className="break-all">{address}</strong>. Until then your
      address stays as it is.
    </Notice>
  )
}

function EmailForm({ user }: { user: Me }) {
  const session = useSession()
  const form = useForm({
    fields: ["email"],
    check: (values) =>
      verdicts({
        email: email(values.email) ?? (isSame(values.email, user) ? "This is your address already." : undefined),
      }),
    send: async (values) => {
      session.update((await changeMe({ body: { email: values.email.trim() } })).data)
      toast({ title: "Check your mail", detail: "Open the link that we sent to the new address.", tone: "good" })
    },
  })
  return (
    <form {...form.props}>
      <FormPanel
        action={
          <BusyButton type="submit" isBusy={form.isSending} busyLabel="Saving…">
            Change address
          </BusyButton>
        }
      >
        <FormError error={form.error} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <span className="break-all font-medium">{user.email}</span>
          <Badge tone={user.email_verified ? "good" : "accent"}>
            {user.email_verified ? "Confirmed" : "Not confirmed"}
          </Badge>
        </div>
        <TextField
          form={form}
          name="email"
          label="New address"
          type="email"
          autoComplete="email"
          autoCapitalize="none"
          help="It takes effect once you open the link in the mail that we send there."
        />
      </FormPanel>
    </form>
  )
}

function isSame(text: string, user: Me): boolean {
  return text.trim().toLowerCase() === user.email.toLowerCase()
}
