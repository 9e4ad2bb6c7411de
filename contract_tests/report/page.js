"use strict";
// Filters of the statements, kept in the address. Without this script every statement is shown.
(() => {
  const NAMES = ["page", "keyword", "verdict"];
  const form = document.getElementById("filters");
  const filter = (name) => document.getElementById(`filter-${name}`);
  const all = document.querySelectorAll("[data-verdict]").length;

  const folded = (article) => article.querySelector("details");
  const narrow = (scroll, keyword, verdict) => {
    let fitting = 0;
    for (const row of scroll.querySelectorAll("tbody tr")) {
      let inRow = 0;
      for (const fact of row.querySelectorAll("[data-verdict]")) {
        fact.hidden = (keyword !== "" && fact.dataset.keyword !== keyword) || (verdict !== "" && fact.dataset.verdict !== verdict);
        inRow += !fact.hidden;
      }
      row.hidden = inRow === 0;
      fitting += inRow;
    }
    scroll.hidden = fitting === 0;
    return fitting;
  };

  const apply = () => {
    const [page, keyword, verdict] = NAMES.map((name) => filter(name).value);
    const narrowed = page + keyword + verdict !== "";
    let shown = 0;
    for (const article of document.querySelectorAll("article.page")) {
      let inPage = 0;
      for (const scroll of article.querySelectorAll(".scroll")) inPage += narrow(scroll, keyword, verdict);
      article.hidden = inPage === 0 || (page !== "" && article.dataset.page !== page);
      if (!article.hidden) shown += inPage;
      folded(article).open = narrowed && !article.hidden;
    }
    const chosen = NAMES.filter((name) => filter(name).value).map((name) => `${name} ${filter(name).selectedOptions[0].text}`);
    const count = document.getElementById("shown");
    count.textContent = chosen.length ? `${shown} of ${all} statements` : `${all} statements`;
    // On paper there are no controls that would say it.
    count.dataset.chosen = chosen.map((each) => `, ${each}`).join("");
    document.getElementById("nothing").hidden = shown > 0;
  };

  // What does not scroll needs no stop for the keyboard, whatever made it or its table another size.
  const sizes = new ResizeObserver((changes) => {
    for (const scroll of new Set(changes.map(({ target }) => target.closest(".scroll")))) {
      const scrolls = scroll.scrollWidth > scroll.clientWidth || scroll.scrollHeight > scroll.clientHeight;
      scroll.tabIndex = scrolls ? 0 : -1;
    }
  });
  for (const each of document.querySelectorAll(".scroll, .scroll > table")) sizes.observe(each);

  const keep = () => {
    const chosen = new URLSearchParams(NAMES.map((name) => [name, filter(name).value]).filter(([, value]) => value));
    history.replaceState(null, "", chosen.size ? `#${chosen}` : location.href.split("#")[0]);
  };

  const read = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    // An address of a section, such as #mutation, says nothing of filters.
    if (location.hash && !NAMES.some((name) => kept.has(name))) return;
    for (const name of NAMES) {
      const options = [...filter(name).options].map((option) => option.value);
      filter(name).value = options.includes(kept.get(name)) ? kept.get(name) : "";
    }
  };

  const changed = () => {
    apply();
    keep();
  };
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The event comes before the values are reset: here both are one step, so nobody sees the time between.
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const name of NAMES) filter(name).value = "";
    changed();
  });
  addEventListener("hashchange", () => {
    read();
    apply();
  });
  // Paper unfolds nothing.
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("article.page > details:not([open])")];
    for (const each of shut) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of shut) each.open = false;
  });
  read();
  apply();
})();
