// Shared tablets: the PIN pad, the countdown back to the profiles, the code in an opened address.
const pin = document.querySelector("[data-pin] input[type=password]");
if (pin) {
  document.querySelector("[data-pin-pad]").hidden = false;
  document.querySelector("[data-pin-plain]").hidden = true;
  for (const key of document.querySelectorAll("[data-pin-key]")) {
    key.addEventListener("click", () => {
      const typed = key.dataset.pinKey;
      pin.value = typed === "back" ? pin.value.slice(0, -1) : (pin.value + typed).slice(0, 6);
    });
  }
}

const code = document.querySelector("[data-code-from-address] input[name=code]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}

const idle = document.querySelector("[data-idle]");
if (idle) {
  const allowed = Number(idle.dataset.idle) * 1000;
  const warning = Math.min(15000, allowed / 2);
  let last = Date.now();
  const stay = async (event) => {
    event?.preventDefault();
    last = Date.now();
    idle.hidden = true;
    try {
      const answer = await fetch(idle.action, { method: "POST", body: new FormData(idle), headers: { "HX-Request": "true" } });
      const to = answer.headers.get("HX-Redirect");
      if (to) location.assign(to);
    } catch { /* the server counts for itself; the next page says where the device is */ }
  };
  if (idle.action) {
    idle.addEventListener("submit", stay);
    for (const sign of ["pointerdown", "keydown", "scroll"]) {
      addEventListener(sign, () => { if (Date.now() - last > 10000 && idle.hidden) stay(); }, { passive: true });
    }
  }
  setInterval(() => {
    const left = allowed - (Date.now() - last);
    if (left <= 0) return location.assign(idle.dataset.idleUrl);
    if (!idle.action) return;
    idle.hidden = left > warning;
    idle.querySelector("[data-idle-left]").textContent = Math.ceil(left / 1000);
  }, 250);
}
