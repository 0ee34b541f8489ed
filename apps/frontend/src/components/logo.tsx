/** A hull on its slipway. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" fill="none" className={className}>
      <path className="fill-accent" d="M5 13.5h22l-3.6 8.1A2.4 2.4 0 0 1 21.2 23H10.8a2.4 2.4 0 0 1-2.2-1.4Z" />
      <path className="fill-current" d="M15 5h2.2v6.4H15z" />
      <path className="stroke-current" strokeWidth="2.2" strokeLinecap="round" d="M4 27.2h24" />
    </svg>
  )
}
