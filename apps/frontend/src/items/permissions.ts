import type { Item, Me } from "@/client/types.gen"

/** The API's own rule: an item's owner and staff may change it. */
export function mayChange(user: Me | null, item: Item): boolean {
  return user !== null && (user.is_staff || user.id === item.owner_id)
}
