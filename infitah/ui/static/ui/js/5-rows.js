// Entry at keyboard speed: in a form with data-rows, Enter goes to the next field and, from the last, keeps the row.
// The next row can be typed at once: rows wait their turn, also on the device, until the house has taken the one before.
(() => {
  const fields = (form) => [...form.querySelectorAll("textarea, [type=text]")];
  const choices = (form) => [...form.querySelectorAll("select")];
  const values = (form) => [fields(form), choices(form)].map((all) => all.map((field) => field.value));
  const fill = (form, row) => {
    fields(form).forEach((field, at) => { field.value = row?.[0][at] || ""; });
    if (row) choices(form).forEach((field, at) => { field.value = row[1][at]; });
  };
  const isTyped = (row) => row?.[0].some((value) => value.trim());
  const find = () => document.querySelector("form[data-rows]");
  let rows = [], sent, typing, at, isBusy, isTaken;

  const store = () => {
    const kept = `rows:${location.pathname}`;
    const left = sent ? [sent, ...rows] : rows;
    try { left.length ? localStorage.setItem(kept, JSON.stringify(left)) : localStorage.removeItem(kept); } catch { /* then only this page keeps them */ }
  };
  const next = (form) => {
    const shown = values(form), active = document.activeElement;
    if (!rows.length) return;
    fill(form, rows.shift());
    form.requestSubmit();
    fill(form, shown);
    active.focus();
  };
  const keep = (form) => {
    if (window.htmx && !isBusy) return form.requestSubmit();
    rows.push(values(form));
    store();
    fill(form);
    fields(form)[0].focus();
  };

  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-rows]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const all = fields(form), now = all.indexOf(event.target);
    if (now < 0) return;
    event.preventDefault();
    if (now < all.length - 1) all[now + 1].focus();
    else keep(form);
  });
  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    if (!detail.elt.matches("[data-rows]")) return;
    sent = values(detail.elt);
    isBusy = true;
    store();
    fill(detail.elt);
    fields(detail.elt)[0].focus();
  });
  document.addEventListener("htmx:beforeSwap", () => {
    const form = find();
    if (!form || !sent) return;
    typing = values(form);
    at = Math.max(0, fields(form).indexOf(document.activeElement));
  });
  document.addEventListener("htmx:afterSwap", () => {
    const form = find();
    if (!form || !typing) return;
    form.dataset.draftReady = "1"; // what is typed comes from here, not from the draft
    isTaken = !form.querySelector("[aria-invalid=true], .errors");
    if (isTaken) fill(form, typing);
    else if (isTyped(typing)) rows.push(typing);
    fields(form)[isTaken ? at : 0].focus();
    sent = typing = null;
    store();
  });
  // Until the new form has settled, a row would leave by the plain way and take the page with it.
  const goOn = () => {
    if (!find() || sent) return;
    isBusy = false;
    if (isTaken !== false) next(find());
    find().dispatchEvent(new Event("input", { bubbles: true })); // the draft went with the row that came in: keep this one's
  };
  document.addEventListener("htmx:afterSettle", goOn);
  document.addEventListener("infitah:htmx", goOn);
  const giveBack = ({ detail }) => {
    if (!sent || !detail.elt.matches("[data-rows]")) return;
    if (isTyped(values(detail.elt))) rows.push(values(detail.elt));
    fill(detail.elt, sent);
    sent = null;
    isBusy = false;
  };
  document.addEventListener("htmx:sendError", giveBack);
  document.addEventListener("htmx:responseError", giveBack);

  const form = find();
  if (!form) return;
  rows = JSON.parse(localStorage.getItem(`rows:${location.pathname}`) || "[]");
  const begun = values(form);
  if (rows.length) {
    if (isTyped(begun) && !rows.some((row) => `${row[0]}` === `${begun[0]}`)) rows.push(begun);
    fill(form, rows.shift());
    infitah.tell("part", infitah.words().restored);
  }
  (fields(form).find((field) => !field.value) || fields(form)[0])?.focus();
})();
