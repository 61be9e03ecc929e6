// "Select all" of a table, in step with its rows, and how many are selected.
const rowsOf = (table) => [...table.querySelectorAll("tbody .pick input[type=checkbox]")];

document.addEventListener("change", (event) => {
  const table = event.target.closest?.(".pick")?.closest("table");
  if (!table) return;
  const rows = rowsOf(table);
  const all = table.querySelector("[data-select-all]");
  if (event.target === all) for (const row of rows) row.checked = all.checked;
  const count = rows.filter((row) => row.checked).length;
  if (all) {
    all.checked = count > 0 && count === rows.length;
    all.indeterminate = count > 0 && count < rows.length;
  }
  const text = table.closest("form")?.querySelector("[data-selected]");
  if (text) text.textContent = count === 1 ? text.dataset.one : text.dataset.many.replace("{n}", count);
});
