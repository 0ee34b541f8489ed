import { createFileRoute, Link } from "@tanstack/react-router"
import { login } from "@/client/sdk.gen"
import { FormCard, TEXT_LINK } from "@/components/form-card"
import { GoogleButton } from "@/components/google-button"
import { BusyButton } from "@/components/ui/button"
import { email, required, verdicts } from "@/forms/checks"
import { PasswordField, TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { readNext, visitorsOnly } from "@/session/guards"
import { useSession } from "@/session/use-session"

export const Route = createFileRoute("/_card/login")({
  validateSearch: readNext,
  beforeLoad: visitorsOnly,
  component: LogIn,
})

function LogIn() {
  const session = useSession()
  const { next } = Route.useSearch()
  const form = useForm({
    fields: ["email", "password"],
    check: (values) =>
      verdicts({ email: email(values.email), password: required(values.password, "Enter your password.") }),
    send: async (values) => {
      const { data } = await login({ body: { email: values.email.trim(), password: values.password } })
      session.enter(data) // the guard then leads on
    },
  })
  return (
    <FormCard
      title="Log in"
      detail={next ? "Sign in to go on to the page you asked for." : "Good to see you again."}
      footer={
        <>
          New here?{" "}
          <Link to="/sign-up" search={next ? { next } : {}} className={TEXT_LINK}>
            Create an account
          </Link>
        </>
      }
    >
      <GoogleButton />
      <form {...form.props} className="space-y-5">
        <FormError error={form.error} />
        <TextField form={form} name="email" label="Email" type="email" autoComplete="username" autoCapitalize="none" />
        <PasswordField form={form} name="password" label="Password" autoComplete="current-password" />
        <BusyButton type="submit" className="w-full" isBusy={form.isSending} busyLabel="Logging in…">
          Log in
        </BusyButton>
        <p className="text-center text-sm">
          <Link to="/forgot-password" className={TEXT_LINK}>
            Forgot your password?
          </Link>
        </p>
      </form>
    </FormCard>
  )
}
