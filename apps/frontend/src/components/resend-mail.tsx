import { useMutation } from "@tanstack/react-query"
import { explain } from "@/api/errors"
import { resendVerification } from "@/client/sdk.gen"
import { BusyButton } from "@/components/ui/button"
import { toast } from "@/lib/toasts"

/** Ask for another verification mail. */
export function ResendMail({ className }: { className?: string }) {
  const resend = useMutation({
    mutationFn: () => resendVerification(),
    onSuccess: () =>
      toast({ title: "Mail sent", detail: "Open the link in it to confirm your address.", tone: "good" }),
    onError: (error) => toast({ title: "No mail could be sent", detail: explain(error), tone: "bad" }),
  })
  return (
    <BusyButton
      variant="outline"
      size="small"
      {...(className && { className })}
      isBusy={resend.isPending}
      busyLabel="Sending…"
      onClick={() => resend.mutate()}
    >
      Send the mail again
    </BusyButton>
  )
}
