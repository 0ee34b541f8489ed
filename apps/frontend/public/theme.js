// Runs before the first paint: the stored choice, or what the system prefers.
;(() => {
  let choice = null
  try {
    choice = localStorage.getItem("slipway-theme")
  } catch {
    // Storage may be blocked; the system's preference is then all there is.
  }
  const isDark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.classList.toggle("dark", isDark)
})()
