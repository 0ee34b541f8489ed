import { createFileRoute, Outlet } from "@tanstack/react-router"

/** Pages of one small form in the middle. */
export const Route = createFileRoute("/_card")({ component: CardLayout })

function CardLayout() {
  return (
    <div className="relative grid min-h-full place-items-center px-5 py-12 sm:py-20">
      <div aria-hidden="true" className="rails absolute inset-x-0 top-0 h-72" />
      <div className="relative w-full max-w-md">
        <Outlet />
      </div>
    </div>
  )
}
