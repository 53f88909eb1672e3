// On a phone, a form with data-steps asks one question per screen; everywhere else it stays whole.
(() => {
  const button = (kind, textContent, onclick) =>
    Object.assign(document.createElement("button"), { type: "button", className: `btn ${kind}`, textContent, onclick });
  const unfold = (form) => {
    const steps = [...form.querySelectorAll("[data-step]")];
    if (steps.length < 2 || form.dataset.unfolded) return;
    form.dataset.unfolded = "1";
    let at = Math.max(0, steps.findIndex((step) => step.querySelector("[aria-invalid=true]")));
    const where = Object.assign(document.createElement("span"), { className: "soft number", dir: "ltr" });
    const back = button("alt", infitah.words().back, () => show(at - 1));
    const next = button("", infitah.words().next, () => { if ([...steps[at].querySelectorAll("input, textarea, select")].every((field) => field.reportValidity())) show(at + 1); });
    const bar = Object.assign(document.createElement("p"), { className: "steps-nav" });
    bar.append(back, where, next);
    form.append(bar);
    const show = (to, isFirst) => {
      at = to;
      steps.forEach((step, number) => { step.hidden = number !== at; });
      back.hidden = at === 0;
      next.hidden = at === steps.length - 1;
      where.textContent = `${at + 1} / ${steps.length}`;
      if (!isFirst) steps[at].querySelector("input, textarea, select")?.focus();
    };
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && !next.hidden) { event.preventDefault(); next.click(); }
    });
    show(at, 1);
  };
  const all = () => { if (matchMedia("(max-width: 40rem)").matches) document.querySelectorAll("form[data-steps]").forEach(unfold); };
  document.addEventListener("htmx:load", all);
  all();
})();
