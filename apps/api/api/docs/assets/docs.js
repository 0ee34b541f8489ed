// Hides what the search field does not name. Everything else on the page works without this.
const field = document.getElementById("find");
const targets = [...document.querySelectorAll("nav li, main section")];
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const target of targets) {
    target.hidden = wanted !== "" && !target.textContent.toLowerCase().includes(wanted);
  }
});
