import { cn } from "@/lib/cn"

interface Props {
  name: string
  url?: string | null
  className: string
}

/** A picture of this site's own, or initials: the site's policy loads no pictures from elsewhere. */
export function Avatar({ name, url = null, className }: Props) {
  if (isOwn(url)) return <img src={url} alt="" className={cn("shrink-0 rounded-full object-cover", className)} />
  return (
    <span
      aria-hidden="true"
      className={cn(
        "grid shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent",
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}

function isOwn(url: string | null): url is string {
  return url !== null && URL.canParse(url) && new URL(url).origin === location.origin
}

/** Two letters at most: of the first and the last word. */
export function initials(name: string): string {
  const words =
    name
      .split("@")[0]
      ?.split(/[\s._-]+/u)
      .filter(Boolean) ?? []
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map((word) => Array.from(word ?? "")[0]?.toUpperCase() ?? "").join("") || "?"
}
