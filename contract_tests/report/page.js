"use strict";
// Filters of the facts. Without this script every fact is shown.
(() => {
  const form = document.getElementById("filters");
  const filter = (name) => document.getElementById(`filter-${name}`);
  const apply = () => {
    const [page, keyword, verdict] = ["page", "keyword", "verdict"].map((name) => filter(name).value);
    let shown = 0;
    for (const article of document.querySelectorAll("article.page")) {
      let inPage = 0;
      for (const scroll of article.querySelectorAll(".scroll")) {
        let inTable = 0;
        for (const cell of scroll.querySelectorAll("[data-keyword]")) cell.hidden = keyword !== "" && cell.dataset.keyword !== keyword;
        for (const row of scroll.querySelectorAll("tbody tr")) {
          let inRow = 0;
          for (const cell of row.querySelectorAll("td[data-verdict]")) {
            const fits = !cell.hidden && (verdict === "" || cell.dataset.verdict === verdict);
            cell.classList.toggle("faded", !fits);
            inRow += fits;
          }
          row.hidden = inRow === 0;
          inTable += inRow;
        }
        scroll.hidden = inTable === 0;
        inPage += inTable;
      }
      article.hidden = inPage === 0 || (page !== "" && article.dataset.page !== page);
      if (!article.hidden) shown += inPage;
    }
    document.getElementById("shown").textContent = `${shown} cell${shown === 1 ? "" : "s"}`;
    document.getElementById("nothing").hidden = shown > 0;
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
