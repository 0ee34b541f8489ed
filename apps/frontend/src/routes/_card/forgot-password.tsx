import { createFileRoute, Link } from "@tanstack/react-router"
import { useState } from "react"
import { forgotPassword } from "@/client/sdk.gen"
import { FormCard, TEXT_LINK } from "@/components/form-card"
import { BusyButton } from "@/components/ui/button"
import { email, verdicts } from "@/forms/checks"
import { TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"

export const Route = createFileRoute("/_card/forgot-password")({ component: ForgotPassword })

function ForgotPassword() {
  const [mailedTo, setMailedTo] = useState<string | null>(null)
  const form = useForm({
    fields: ["email"],
    check: (values) => verdicts({ email: email(values.email) }),
    send: async (values) => {
      await forgotPassword({ body: { email: values.email.trim() } })
      setMailedTo(values.email.trim())
    },
  })
  const back = (
    <Link to="/login" className={TEXT_LINK}>
      Back to log in
    </Link>
  )
  if (mailedTo !== null) return <Sent to={mailedTo} back={back} />
  return (
    <FormCard title="Forgot your password?" detail="We send you a link to set a new one." footer={back}>
      <form {...form.props} className="space-y-5">
        <FormError error={form.error} />
        <TextField form={form} name="email" label="Email" type="email" autoComplete="username" autoCapitalize="none" />
        <BusyButton type="submit" className="w-full" isBusy={form.isSending} busyLabel="Sending…">
          Send the link
        </BusyButton>
      </form>
    </FormCard>
  )
}

function Sent({ to, back }: { to: string; back: React.ReactNode }) {
  return (
    <FormCard
      title="Check your mail"
      detail={
        <span role="status">
          If <strong className="break-all text-foreground">{to}</strong> has an account, a mail with a link is on its
          way. The link works once, and not for long.
        </span>
      }
      footer={back}
    />
  )
}
