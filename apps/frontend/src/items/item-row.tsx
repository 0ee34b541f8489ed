import { Link } from "@tanstack/react-router"
import { Pencil, Trash2 } from "lucide-react"
import type { Item, Me } from "@/client/types.gen"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Card } from "@/components/ui/card"
import { When } from "@/components/when"
import { mayChange } from "./permissions"
import { isProvisional } from "./use-save-item"

interface Props {
  item: Item
  user: Me | null
  onEdit: (item: Item) => void
  onDelete: (item: Item) => void
}

export function ItemRow({ item, user, onEdit, onDelete }: Props) {
  const isWaiting = isProvisional(item)
  return (
    <Card className="drawn-late flex items-start gap-3 p-4 sm:p-5">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="min-w-0 break-words font-medium">
            {isWaiting ? (
              item.title
            ) : (
              <Link
                to="/items/$itemId"
                params={{ itemId: item.id }}
                className="rounded underline-offset-4 hover:underline"
              >
                {item.title}
              </Link>
            )}
          </h2>
          {user?.id === item.owner_id && user && <Badge tone="accent">Yours</Badge>}
        </div>
        {item.description && (
          <p className="mt-1 line-clamp-2 break-words text-muted-foreground text-sm leading-relaxed">
            {item.description}
          </p>
        )}
        <p className="mt-2 text-muted-foreground text-xs">{isWaiting ? "Saving…" : <When at={item.created_at} />}</p>
      </div>
      {mayChange(user, item) && !isWaiting && (
        <div className="-mt-1 -mr-1 flex">
          <Button variant="ghost" size="icon" aria-label={`Edit ${item.title}`} onClick={() => onEdit(item)}>
            <Pencil aria-hidden="true" />
          </Button>
          <Button variant="ghost" size="icon" aria-label={`Delete ${item.title}`} onClick={() => onDelete(item)}>
            <Trash2 aria-hidden="true" />
          </Button>
        </div>
      )}
    </Card>
  )
}
