import { type ClassValue, clsx } from "clsx"

/** Join class names. Conflicts are not resolved: components give no class that their users must undo. */
export function cn(...classes: ClassValue[]): string {
  return clsx(classes)
}
