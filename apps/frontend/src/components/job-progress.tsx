/** Work whose length nobody knows: that it goes on, and what it is at. */
export function JobProgress({ label }: { label: string }) {
  return (
    <div role="status" className="text-sm">
      <p>{label}…</p>
      <div aria-hidden="true" className="mt-2 h-1.5 overflow-hidden rounded-full bg-muted">
        <div className="under-way h-full w-1/3 rounded-full bg-accent" />
      </div>
    </div>
  )
}
