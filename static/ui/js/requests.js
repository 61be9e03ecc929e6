// What every HTMX request carries, and what the page shows meanwhile.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get") return;
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) detail.headers["X-CSRFToken"] = token;
});

const busy = (on) => ({ detail }) => {
  if (on) detail.target?.setAttribute?.("aria-busy", "true");
  else detail.target?.removeAttribute?.("aria-busy");
};
document.addEventListener("htmx:beforeRequest", busy(true));
document.addEventListener("htmx:afterRequest", busy(false));
