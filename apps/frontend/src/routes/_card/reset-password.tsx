import { createFileRoute, Link } from "@tanstack/react-router"
import { useState } from "react"
import { isStatus } from "@/api/errors"
import { resetPassword } from "@/client/sdk.gen"
import { FormCard, TEXT_LINK } from "@/components/form-card"
import { BusyButton, buttonStyle } from "@/components/ui/button"
import { newPassword, verdicts } from "@/forms/checks"
import { PasswordField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { dropToken, heldToken, holdTokenOf, ofLink } from "@/lib/link-token"
import { useSession } from "@/session/use-session"

export const Route = createFileRoute("/_card/reset-password")({
  beforeLoad: holdTokenOf("/reset-password"),
  component: ResetPassword,
})

function ResetPassword() {
  const [token] = useState(() => heldToken("/reset-password"))
  const [isDone, setDone] = useState(false)
  if (isDone) return <Done />
  return token === null ? <NoToken /> : <NewPassword token={token} onDone={() => setDone(true)} />
}

function NewPassword({ token, onDone }: { token: string; onDone: () => void }) {
  const session = useSession()
  const form = useForm({
    fields: ["password"],
    check: (values) => verdicts({ password: newPassword(values.password) }),
    send: async ({ password }) => {
      await resetPassword({ body: { token, password } })
      dropToken("/reset-password")
      if (session.state.status === "member") session.leave(false) // the API has ended every session
      onDone()
    },
  })
  return (
    <FormCard title="Set a new password" detail="You are then signed out everywhere, and log in with the new one.">
      <form {...form.props} className="space-y-5">
        <FormError error={isStatus(form.error, 400) ? ofLink(form.error) : form.error} />
        {isStatus(form.error, 400) && (
          <Link to="/forgot-password" className={TEXT_LINK}>
            Ask for a new link
          </Link>
        )}
        <PasswordField
          form={form}
          name="password"
          label="New password"
          autoComplete="new-password"
          help="10 characters or more."
        />
        <BusyButton type="submit" className="w-full" isBusy={form.isSending} busyLabel="Saving…">
          Set the password
        </BusyButton>
      </form>
    </FormCard>
  )
}

function Done() {
  return (
    <FormCard title="Your password is set" detail={<span role="status">Log in with it to go on.</span>}>
      <Link to="/login" className={buttonStyle({ variant: "primary" }, "w-full")}>
        Log in
      </Link>
    </FormCard>
  )
}

function NoToken() {
  return (
    <FormCard
      title="Open the link in your mail"
      detail="The link that lets you set a password was not in this page's address."
    >
      <Link to="/forgot-password" className={buttonStyle({ variant: "primary" }, "w-full")}>
        Ask for a new link
      </Link>
    </FormCard>
  )
}
