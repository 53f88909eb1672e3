// Entry at keyboard speed: in a form with data-rows, Enter goes to the next field and, from the last, keeps the row.
(() => {
  const fields = (form) => [...form.elements].filter((field) => field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=search])") && field.offsetParent);
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-rows]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const all = fields(form);
    const at = all.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    if (at < all.length - 1) all[at + 1].focus();
    else form.requestSubmit();
  });
  const begin = () => {
    const form = document.querySelector("form[data-rows]:not([data-begun])");
    if (!form) return;
    form.dataset.begun = "1";
    (form.querySelector("[aria-invalid=true]") || fields(form).find((field) => !field.value))?.focus();
  };
  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
