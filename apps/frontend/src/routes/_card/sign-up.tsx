import { createFileRoute, Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { register } from "@/client/sdk.gen"
import { FormCard, TEXT_LINK } from "@/components/form-card"
import { GoogleButton } from "@/components/google-button"
import { BusyButton } from "@/components/ui/button"
import { atMost, email, LONGEST_NAME, newPassword, verdicts } from "@/forms/checks"
import { PasswordField, TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm, type Values } from "@/forms/use-form"
import { idempotencyKeys } from "@/lib/idempotency"
import { readNext, visitorsOnly } from "@/session/guards"

export const Route = createFileRoute("/_card/sign-up")({
  validateSearch: readNext,
  beforeLoad: visitorsOnly,
  component: SignUp,
})

type Field = "display_name" | "email" | "password"

function SignUp() {
  const navigate = useNavigate()
  const { next } = Route.useSearch()
  const [keyFor] = useState(idempotencyKeys)
  const form = useForm<Field>({
    fields: ["display_name", "email", "password"],
    check,
    send: async (values) => {
      const body = { ...values, email: values.email.trim(), display_name: values.display_name.trim() }
      const { data } = await register({ body, headers: { "Idempotency-Key": keyFor(body) } })
      await navigate({ to: "/check-your-mail", state: { mailedTo: data.email } })
    },
  })
  return (
    <FormCard
      title="Create an account"
      detail="One address, one password. We send a mail to see that the address is yours."
      footer={
        <>
          Have an account already?{" "}
          <Link to="/login" search={next ? { next } : {}} className={TEXT_LINK}>
            Log in
          </Link>
        </>
      }
    >
      <GoogleButton />
      <form {...form.props} className="space-y-5">
        <FormError error={form.error} />
        <TextField
          form={form}
          name="display_name"
          label="Name"
          help="Optional: how we greet you."
          autoComplete="name"
        />
        <TextField form={form} name="email" label="Email" type="email" autoComplete="username" autoCapitalize="none" />
        <PasswordField
          form={form}
          name="password"
          label="Password"
          autoComplete="new-password"
          help="10 characters or more. A few words in a row are easier to keep in mind than signs."
        />
        <BusyButton type="submit" className="w-full" isBusy={form.isSending} busyLabel="Creating the account…">
          Sign up
        </BusyButton>
      </form>
    </FormCard>
  )
}

function check(values: Values<Field>) {
  return verdicts({
    display_name: atMost(values.display_name, LONGEST_NAME),
    email: email(values.email),
    password: newPassword(values.password),
  })
}
