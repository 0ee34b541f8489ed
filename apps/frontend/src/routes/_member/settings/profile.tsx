import { createFileRoute } from "@tanstack/react-router"
import { changeMe } from "@/client/sdk.gen"
import type { Me } from "@/client/types.gen"
import { FormPanel, SettingsPart } from "@/components/settings-part"
import { Avatar } from "@/components/ui/avatar"
import { BusyButton } from "@/components/ui/button"
import { atMost, LONGEST_NAME, type Verdict, verdicts } from "@/forms/checks"
import { TextArea, TextField } from "@/forms/fields"
import { FormError } from "@/forms/form-error"
import { useForm } from "@/forms/use-form"
import { toast } from "@/lib/toasts"
import { useSession, useUser } from "@/session/use-session"

const LONGEST_BIO = 2_000
const LONGEST_URL = 500

export const Route = createFileRoute("/_member/settings/profile")({ component: Profile })

function Profile() {
  const user = useUser()
  return user && <ProfileForm user={user} />
}

function ProfileForm({ user }: { user: Me }) {
  const session = useSession()
  const form = useForm({
    fields: ["display_name", "bio", "avatar_url"],
    check: ({ display_name, bio, avatar_url }) =>
      verdicts({
        display_name: atMost(display_name, LONGEST_NAME),
        bio: atMost(bio, LONGEST_BIO),
        avatar_url: picture(avatar_url.trim()),
      }),
    send: async ({ display_name, bio, avatar_url }) => {
      const body = { display_name: display_name.trim(), bio: bio.trim(), avatar_url: avatar_url.trim() || null }
      session.update((await changeMe({ body })).data)
      toast({ title: "Profile saved", tone: "good" })
    },
  })
  return (
    <SettingsPart title="Profile" detail="How you appear here.">
      <form {...form.props}>
        <FormPanel
          action={
            <BusyButton type="submit" isBusy={form.isSending} busyLabel="Saving…">
              Save profile
            </BusyButton>
          }
        >
          <FormError error={form.error} />
          <div className="flex items-center gap-4">
            <Avatar name={user.display_name || user.email} url={user.avatar_url} className="size-16 text-xl" />
            <div className="min-w-0">
              <p className="truncate font-medium">{user.display_name || "No name yet"}</p>
              <p className="truncate text-muted-foreground text-sm">{user.email}</p>
            </div>
          </div>
          <TextField
            form={form}
            name="display_name"
            label="Name"
            defaultValue={user.display_name}
            autoComplete="name"
          />
          <TextArea form={form} name="bio" label="About you" defaultValue={user.bio} />
          <TextField
            form={form}
            name="avatar_url"
            label="Picture's address"
            type="url"
            inputMode="url"
            placeholder="https://…"
            defaultValue={user.avatar_url ?? ""}
            help="Part of your profile and of its export. These pages load pictures from this site alone, so one from elsewhere shows as your initials."
          />
        </FormPanel>
      </form>
    </SettingsPart>
  )
}

function picture(url: string): Verdict {
  if (url === "") return undefined
  if (!/^https:\/\/[A-Za-z0-9.-]+/.test(url)) return "Use an address that begins with https://."
  return atMost(url, LONGEST_URL)
}
