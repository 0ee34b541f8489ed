import { createFileRoute } from "@tanstack/react-router"
import { changePassword, readMe } from "@/client/sdk.gen"
import type { Me } from "@/client/types.gen"
import { FormPanel, SettingsPart } from "@/components/settings-part"
import { BusyButton } from "@/components/ui/button"
import { newPassword, required, verdicts } from "@/forms/checks"
import { PasswordField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { toast } from "@/lib/toasts"
import { useSession, useUser } from "@/session/use-session"

export const Route = createFileRoute("/_member/settings/password")({ component: Password })

function Password() {
  const user = useUser()
  if (!user) return null
  return (
    <SettingsPart
      title="Password"
      detail={
        user.has_password
          ? "A new one signs out your other devices."
          : "You signed up with Google and have none yet. With one you can log in without Google, too."
      }
    >
      <PasswordForm user={user} />
    </SettingsPart>
  )
}

function PasswordForm({ user }: { user: Me }) {
  const session = useSession()
  const form = useForm({
    fields: ["current_password", "new_password"],
    check: ({ current_password, new_password }) =>
      verdicts({
        current_password: user.has_password ? required(current_password, "Enter your current password.") : undefined,
        new_password: newPassword(new_password),
      }),
    send: async ({ current_password, new_password }) => {
      await changePassword({ body: { new_password, ...(user.has_password && { current_password }) } })
      form.props.ref.current?.reset()
      toast({ title: "Password changed", detail: "Your other devices are signed out.", tone: "good" })
      if (!user.has_password) session.update((await readMe()).data)
    },
  })
  return (
    <form {...form.props}>
      {/* Password managers file the new password under this name. */}
      <input type="email" name="username" autoComplete="username" value={user.email} readOnly hidden />
      <FormPanel
        action={
          <BusyButton type="submit" isBusy={form.isSending} busyLabel="Saving…">
            Change password
          </BusyButton>
        }
      >
        <FormError error={form.error} />
        {user.has_password && (
          <PasswordField form={form} name="current_password" label="Current password" autoComplete="current-password" />
        )}
        <PasswordField
          form={form}
          name="new_password"
          label="New password"
          autoComplete="new-password"
          help="10 characters or more."
        />
      </FormPanel>
    </form>
  )
}
