// Keeps what is typed in a form with data-draft on the device, and gives it back after a break.
(() => {
  const kept = (form) => `draft:${form.dataset.draft}:${form.dataset.draftAt || location.pathname}`;
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));

  const keep = (form) => {
    const typed = fields(form).map((f) => [f.name, f.value, ["checkbox", "radio"].includes(f.type) ? f.checked : null]);
    const worth = typed.some(([, value, on]) => on === null && value);
    try { worth ? localStorage.setItem(kept(form), JSON.stringify(typed)) : localStorage.removeItem(kept(form)); } catch { /* a full or closed store loses only the draft */ }
  };
  const restore = (form) => {
    if (form.dataset.draftReady) return;
    form.dataset.draftReady = "1";
    const stored = localStorage.getItem(kept(form));
    if (!stored || form.querySelector("[aria-invalid=true]")) return;
    const choices = [];
    let changed;
    for (const [name, value, on] of JSON.parse(stored)) {
      const field = fields(form).find((f) => f.name === name && (on === null || f.value === value));
      if (!field) continue;
      if (on !== null) field.checked = on;
      else if (!field.value && value) { field.value = value; changed = true; }
      else if ([...(field.options || [])].some((option) => option.value === value)) choices.push([field, value]);
    }
    if (!changed) return;
    choices.forEach(([field, value]) => { field.value = value; }); // what was chosen with these words
    const line = form.querySelector("[data-draft-said]") || form.insertAdjacentElement("afterbegin", document.createElement("p"));
    Object.assign(line, { className: "draft", role: "status", textContent: infitah.words().restored });
  };
  const all = () => document.querySelectorAll("form[data-draft]").forEach(restore);

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("htmx:load", all);

  // What was sent is let go only once the house has said that it came in.
  const sent = "draft-sent";
  const forget = (name) => Object.keys(localStorage).filter((key) => key.startsWith(`draft:${name}:`)).forEach((key) => localStorage.removeItem(key));
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.draft) sessionStorage.setItem(sent, event.target.dataset.draft);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig.elt.closest?.("form[data-draft]"); // elt is what the form was swapped out of
    if (form && event.detail.successful && event.detail.requestConfig.verb === "post") forget(form.dataset.draft);
  });
  const done = document.querySelector("[data-draft-done]")?.dataset.draftDone;
  if (done) forget(done);
  else if (sessionStorage.getItem(sent) && document.querySelector("#notices .ok")) forget(sessionStorage.getItem(sent));
  sessionStorage.removeItem(sent);
  all();
})();
