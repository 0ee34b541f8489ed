import { createFileRoute, Link } from "@tanstack/react-router"
import { FormCard } from "@/components/form-card"
import { buttonStyle } from "@/components/ui/button"

export const Route = createFileRoute("/_card/goodbye")({
  beforeLoad: ({ context }) => {
    context.session.isParting = false
  },
  component: Goodbye,
})

function Goodbye() {
  return (
    <FormCard
      title="Your account is deleted"
      detail="What belonged to it goes with it. A mail confirms it. You are welcome back whenever you like."
    >
      <Link to="/" className={buttonStyle({ variant: "outline" }, "w-full")}>
        Go to the start page
      </Link>
    </FormCard>
  )
}
