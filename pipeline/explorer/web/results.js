// Filters, chips and the list of records found. `the` is what main.js holds: index, facets, folding, words, …
const STEP = 30;
const VALUES_SHOWN = 8;
const KIND_CLASSES = ["practice", "deck", "article", "partnership"];

const facetLabel = (the, name, value) => {
  if (name === "kind") return the.words.has(value) ? the.words.word(value) : value;
  if (name === "unit_type") return the.words.code("unit_type", value);
  return name === "language" ? the.words.languageName(value) : value;
};

// Facets as fieldsets of check boxes, made once; `update` writes counts and marks what is chosen.
const filtersOf = (the, choose) => {
  const holder = document.getElementById("facets");
  const made = FACETS.map((name) => {
    const facet = the.facets[name];
    const overall = new Uint32Array(facet.values.length);
    for (const place of facet.list) overall[place] += 1;
    const places = facet.values.map((_, place) => place);
    if (name !== "year" && name !== "kind") places.sort((a, b) => overall[b] - overall[a] || a - b);
    const legend = element("legend");
    const rows = places.map((place) => {
      const box = element("input", { type: "checkbox", value: facet.values[place] });
      const label = element("span", { class: "value" });
      const number = element("span", { class: "number" });
      return { place, box, label, number, row: element("label", { class: "choice" }, box, label, number) };
    });
    const more = element("button", { type: "button", class: "plain more-values" });
    const fieldset = element("fieldset", { class: "facet", "data-facet": name }, legend, rows.map(({ row }) => row), more);
    let isWhole = false;
    fieldset.addEventListener("change", () => {
      choose(name, rows.filter(({ box }) => box.checked).map(({ box }) => box.value));
    });
    const unfold = () => {
      rows.forEach(({ row, box }, at) => {
        row.hidden = !isWhole && at >= VALUES_SHOWN && !box.checked;
      });
      more.hidden = rows.length <= VALUES_SHOWN;
      more.setAttribute("aria-expanded", String(isWhole));
      more.textContent = isWhole
        ? the.words.word("fewer_values")
        : the.words.word("more_values", { n: the.words.number(rows.length - VALUES_SHOWN) });
    };
    more.addEventListener("click", () => {
      isWhole = !isWhole;
      unfold();
    });
    fieldset.hidden = rows.length < 2;
    return { name, facet, legend, rows, unfold, fieldset };
  });
  holder.replaceChildren(...made.map(({ fieldset }) => fieldset));
  return (chosen, counts) => {
    for (const { name, facet, legend, rows, unfold } of made) {
      legend.textContent = the.words.word(name);
      for (const { place, box, label, number, row } of rows) {
        const text = facetLabel(the, name, facet.values[place]);
        if (label.textContent !== text) label.replaceChildren(shownText(text).length ? published(text) : "–");
        const count = counts[name][place];
        number.textContent = the.words.number(count);
        box.checked = (chosen[name] ?? []).includes(facet.values[place]);
        row.classList.toggle("none", !count && !box.checked);
      }
      unfold();
    }
  };
};

const chipsOf = (the, chosen) =>
  FACETS.flatMap((name) =>
    (chosen[name] ?? []).map((value) => {
      const left = chosen[name].filter((other) => other !== value);
      const label = facetLabel(the, name, value);
      return element(
        "li",
        {},
        element(
          "a",
          { href: addressWith({ [name]: joinedValues(left) }), class: "chip", "aria-label": the.words.word("remove_filter", { name: label }) },
          published(label),
          element("span", { "aria-hidden": "true" }, " ×"),
        ),
      );
    }),
  );

const dateShown = (date) => date;

// The line under a title: where, what kind of unit, when.
const factsOf = (the, record) => {
  const { plain, coded, region } = the.index;
  const code = (name) => coded[name].values[coded[name].of[record]] ?? null;
  const regions = region.of[record].map((place) => region.values[place]);
  const facts = [code("locality"), ...regions.slice(0, 3)];
  if (code("unit_type")) facts.push(the.words.code("unit_type", code("unit_type")));
  if (code("partnership_kind")) facts.push(the.words.code("partnership_kind", code("partnership_kind")));
  if (KIND_CLASSES[plain.kind[record]] === "deck") facts.push(the.words.counted("slides", plain.parts[record]));
  if (code("section")) facts.push([code("section"), code("subsection")].filter((part) => part).join(" › "));
  if (plain.date[record]) facts.push(dateShown(plain.date[record]));
  return facts.filter((fact) => fact).flatMap((fact, at) => [at ? " · " : "", published(fact)]);
};

const kindOf = (the, record) => {
  const kind = the.index.plain.kind[record];
  return element("span", { class: `kind ${KIND_CLASSES[kind]}` }, the.words.word(`${the.index.kinds[kind]}_one`));
};

const goneOf = (the, record) =>
  the.index.plain.is_gone[record] ? element("span", { class: "gone" }, the.words.word("gone")) : null;

const nameOf = (the, record) => `${the.index.kinds[the.index.plain.kind[record]]}/${the.index.plain.id[record]}`;

const resultOf = (the, record, terms) => {
  const { plain, coded } = the.index;
  const language = coded.language.values[coded.language.of[record]] ?? null;
  const title = plain.title[record] ?? the.words.word("untitled");
  return element(
    "li",
    { class: "result", "data-record": record },
    element("p", { class: "over" }, kindOf(the, record), goneOf(the, record)),
    element("h3", {}, element("a", { href: addressWith({ record: nameOf(the, record) }) }, marked(the.folding, title, terms, language))),
    element("p", { class: "facts" }, factsOf(the, record)),
    plain.snippet[record] && element("p", { class: "snippet" }, marked(the.folding, plain.snippet[record], terms, language)),
  );
};

// Terms that stand in neither title nor snippet are looked for in the texts of the record, and shown with the words around.
const CONTEXT = 90;
const contextIn = (the, text, terms) => {
  const tokens = the.folding.tokens(text);
  const at = tokens.findIndex((token) => isAsked(the.folding.folded(token.text), terms));
  if (at < 0) return null;
  const from = Math.max(0, tokens[at].at - CONTEXT);
  const to = Math.min(text.length, tokens[at].at + 2 * CONTEXT);
  const first = tokens.find((token) => token.at >= from) ?? tokens[at];
  const last = tokens.findLast((token) => token.at + token.text.length <= to) ?? tokens[at];
  return `${first.at ? "… " : ""}${text.slice(first.at, last.at + last.text.length)}${last === tokens.at(-1) ? "" : " …"}`;
};

const textsOf = (the, rows) => {
  const found = [];
  const own = rows.practices?.[0] ?? rows.articles?.[0] ?? {};
  if (own.summary) found.push([null, own.summary]);
  if (own.text) found.push([null, own.text]);
  for (const section of rows.practice_sections ?? []) if (section.text) found.push([section.heading ?? null, section.text]);
  for (const slide of rows.slides ?? []) {
    if (slide.text) found.push([the.words.word("in_slide", { n: slide.slide_number ?? slide.position }), slide.text]);
  }
  for (const file of rows.practice_attachments ?? []) if (file.text) found.push([the.words.word("in_file"), file.text]);
  return found;
};

const putInContext = async (the, item, terms, isCurrent) => {
  const record = Number(item.dataset.record);
  const shown = `${the.index.plain.title[record] ?? ""} ${the.index.plain.snippet[record] ?? ""}`;
  const words = the.folding.tokens(the.folding.plain(shown)).map((token) => the.folding.folded(token.text));
  const missing = terms.filter((term) => !words.some((word) => isAsked(word, [term])));
  if (!missing.length) return;
  const rows = await the.record(record);
  if (!isCurrent()) return;
  for (const wanted of [missing, terms]) {
    for (const [where, text] of textsOf(the, rows)) {
      const context = contextIn(the, text, wanted);
      if (!context) continue;
      const place = where && element("span", { class: "where" }, published(where), ": ");
      const line = element("p", { class: "snippet" }, place, marked(the.folding, context, terms));
      const old = item.querySelector(".snippet");
      if (old) old.replaceWith(line);
      else item.append(line);
      return;
    }
  }
  const id = the.index.plain.id[record];
  if (contextIn(the, id, missing)) item.append(element("p", { class: "snippet" }, element("code", {}, marked(the.folding, id, terms))));
};

// The list: rows are added as the reader comes to its end, so that thousands of records found cost no more than thirty.
const listOf = (the) => {
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  let records = [];
  let terms = [];
  let turn = 0;
  let waiting = 0;
  const explain = (items, now) => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      for (const item of items) {
        if (turn !== now) return;
        await putInContext(the, item, terms, () => turn === now);
      }
    }, 120);
  };
  const add = () => {
    const from = list.childElementCount;
    const items = records.slice(from, from + STEP).map((record) => resultOf(the, record, terms));
    list.append(...items);
    more.hidden = list.childElementCount >= records.length;
    if (terms.length) explain(items, turn);
    return items;
  };
  more.addEventListener("click", () => {
    const [first] = add();
    first?.querySelector("a").focus({ preventScroll: true });
  });
  new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting) && !more.hidden) add();
  }, { rootMargin: "600px" }).observe(more);
  return (found, asked) => {
    turn += 1;
    records = found;
    terms = asked;
    list.replaceChildren();
    add();
  };
};
