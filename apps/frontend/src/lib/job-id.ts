/** A job's id in the address, so that a mail's link and a reload find it again. */
export function readJobId(search: Record<string, unknown>): { job?: string | undefined } {
  const { job } = search
  return { job: typeof job === "string" && /^[0-9a-f-]{36}$/i.test(job) ? job : undefined }
}
