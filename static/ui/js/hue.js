// A school's colour while it is being chosen: the page shows it at once, saving keeps it.
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("input[data-hue]")) return;
  document.documentElement.style.setProperty("--hue", event.target.value);
});
