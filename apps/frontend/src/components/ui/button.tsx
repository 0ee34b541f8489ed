import { cva, type VariantProps } from "class-variance-authority"
import type { ComponentProps } from "react"

const styles = cva(
  [
    "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-sm transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-progress aria-disabled:opacity-70",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground hover:bg-primary/85",
        outline: "border border-field/60 bg-card hover:bg-muted",
        ghost: "hover:bg-muted",
        danger: "bg-bad text-bad-foreground hover:bg-bad/85",
      },
      size: { default: "h-11 px-5", small: "h-9 px-3", icon: "size-11", iconSmall: "size-9" },
    },
    defaultVariants: { variant: "primary", size: "default" },
  },
)

export type ButtonStyle = VariantProps<typeof styles>

/** The classes of a button, for links that look like one. */
export function buttonStyle(style: ButtonStyle, className?: string): string {
  return styles({ ...style, className })
}

export function Button({ variant, size, className, ...rest }: ComponentProps<"button"> & ButtonStyle) {
  return <button type="button" className={styles({ variant, size, className })} {...rest} />
}

interface BusyProps extends ComponentProps<"button">, ButtonStyle {
  isBusy: boolean
  busyLabel: string
}

/** A button whose act is under way says so, keeps the focus, and does not act twice. */
export function BusyButton({ isBusy, busyLabel, children, onClick, ...rest }: BusyProps) {
  return (
    <Button
      {...rest}
      aria-disabled={isBusy}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {isBusy ? busyLabel : children}
    </Button>
  )
}
