import { cva, type VariantProps } from "class-variance-authority"
import type { ComponentProps } from "react"
import { cn } from "@/lib/cn"

const styles = cva(
  [
    "inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-sm transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-progress aria-disabled:opacity-70",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground hover:bg-primary/85",
        outline: "border bg-card hover:bg-muted",
        ghost: "hover:bg-muted",
      },
      size: { default: "h-11 px-5", small: "h-9 px-3", icon: "size-11" },
    },
    defaultVariants: { variant: "primary", size: "default" },
  },
)

export type ButtonStyle = VariantProps<typeof styles>

/** The classes of a button, for links that look like one. */
export function buttonStyle(style: ButtonStyle, className?: string): string {
  return cn(styles(style), className)
}

export function Button({ variant, size, className, ...rest }: ComponentProps<"button"> & ButtonStyle) {
  return <button type="button" className={buttonStyle({ variant, size }, className)} {...rest} />
}
