import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { CircleCheck, Download } from "lucide-react"
import { jobQuery } from "@/api/account"
import { explain, isStatus } from "@/api/errors"
import { requestExport } from "@/client/sdk.gen"
import type { Job } from "@/client/types.gen"
import { JobProgress } from "@/components/job-progress"
import { FormPanel } from "@/components/settings-part"
import { BusyButton, Button } from "@/components/ui/button"
import { FormError } from "@/forms/form-error"
import { downloadJson } from "@/lib/download"
import { toast } from "@/lib/toasts"

interface Props {
  jobId: string | null
  onStart: (jobId: string) => void
}

/** Everything kept of the account, as one file; made in the background. */
export function ExportAccount({ jobId, onStart }: Props) {
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => requestExport(),
    onSuccess: ({ data }) => {
      client.setQueryData(jobQuery(data.id).queryKey, data)
      onStart(data.id)
    },
    onError: (error) => toast({ title: "The export could not be started", detail: explain(error), tone: "bad" }),
  })
  const button = (
    <BusyButton variant="outline" isBusy={start.isPending} busyLabel="Starting…" onClick={() => start.mutate()}>
      Prepare an export
    </BusyButton>
  )
  return (
    <FormPanel action={button}>
      <h2 className="font-semibold">Export your data</h2>
      <p className="text-muted-foreground text-sm">
        Your account, profile, items, sessions and security events, as one JSON file. We also mail you when it is ready.
      </p>
      {jobId && <ExportJob id={jobId} />}
    </FormPanel>
  )
}

function ExportJob({ id }: { id: string }) {
  const query = useQuery(jobQuery(id))
  if (query.isError && isStatus(query.error, 404)) {
    return <p className="text-sm">This export is gone: it was kept for a while only. Prepare a new one.</p>
  }
  if (query.isError) return <FormError error={query.error} />
  const job = query.data
  if (job?.kind === "delete_account") return null
  if (job?.status === "done" && job.result) return <Ready job={job} result={job.result} />
  if (job?.status === "failed") {
    return <FormError error={new Error(`The export failed. ${job.error ?? "Prepare it once more."}`)} />
  }
  return <JobProgress label={job?.status === "running" ? "Collecting your data" : "Waiting for a free worker"} />
}

function Ready({ job, result }: { job: Job; result: Record<string, unknown> }) {
  const name = `slipway-export-${(job.finished_at ?? job.created_at).slice(0, 10)}.json`
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl bg-ok-soft px-4 py-3 text-sm">
      <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-ok" />
      <p className="min-w-0 flex-1 basis-40 font-medium">Your export is ready.</p>
      <Button variant="outline" size="small" onClick={() => downloadJson(name, result)}>
        <Download aria-hidden="true" />
        Download
      </Button>
    </div>
  )
}
