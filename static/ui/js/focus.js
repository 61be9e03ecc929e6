// After a form came back with errors, reading starts at their summary.
const focusSummary = (within) => within.querySelector?.("[data-focus]")?.focus();

focusSummary(document);
document.addEventListener("htmx:afterSettle", ({ detail }) => focusSummary(detail.elt));
