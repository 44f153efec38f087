// Opens the data, then shows what the address says: the list of records found, or one record.
const byId = (id) => document.getElementById(id);

const opened = async () => {
  const told = await jsonOf("words");
  const [index, vocabulary, lengths, postings] = await Promise.all([
    jsonOf("index"), textOf("vocabulary"), bytesOf("lengths"), bytesOf("postings"),
  ]);
  const count = index.plain.id.length;
  const the = {
    index,
    count,
    snapshot: told.snapshot,
    words: wordsOf(told),
    folding: foldingOf(told.folding),
    facets: facetsOf(index),
    search: searchOf(vocabulary, lengths, postings, count),
    sorted: sorterOf(index),
    map: mapOf(told.map),
    record: recordsOf(index.starts),
  };
  const numbers = new Map();
  the.numberOf = (name) => {
    if (!numbers.size) for (let record = 0; record < count; record += 1) numbers.set(nameOf(the, record), record);
    return numbers.get(name);
  };
  return the;
};

const started = (the) => {
  const query = byId("query");
  const browse = byId("browse");
  const record = byId("record");
  const list = listOf(the);
  let shown = { key: null, kept: [], terms: [] };
  let turn = 0;
  let language = null;
  let scrolled = 0;
  let inRecord = false;

  const choose = (name, values) => look.set({ [name]: joinedValues(values), at: null }, { push: true });
  const filters = filtersOf(the, choose);

  const find = (state) => {
    const terms = termsOf(the.folding, state.query);
    const sort = state.sort ?? (terms.length ? "best" : "new");
    const key = JSON.stringify([state.query, state.chosen, sort]);
    if (key === shown.key) return false;
    const { scores, held } = the.search(terms);
    const { kept, counts } = filtered(the.facets, the.count, scores, state.chosen);
    shown = { key, kept: the.sorted(kept, sort, scores), counts, terms, sort, held };
    return true;
  };

  const drawBrowse = (state) => {
    const { word, counted, number } = the.words;
    filters(state.chosen, shown.counts);
    const isPart = shown.kept.length < the.count;
    byId("count").textContent =
      counted("found", shown.kept.length) + (isPart ? ` ${word("found_of", { all: number(the.count) })}` : "");
    const chips = chipsOf(the, state.chosen);
    if (chips.length > 1) {
      const none = Object.fromEntries(FACETS.map((name) => [name, null]));
      chips.push(element("li", {}, element("a", { href: addressWith(none), class: "chip all" }, word("clear_filters"))));
    }
    byId("chips").replaceChildren(...chips);
    const isPartly = shown.held > 0 && shown.held < shown.terms.length && shown.kept.length > 0;
    byId("partly").hidden = !isPartly;
    if (isPartly) byId("partly").textContent = word("partly", { n: shown.held, all: shown.terms.length });
    byId("filters-done").textContent = counted("show_results", shown.kept.length);
    byId("nothing").hidden = shown.kept.length > 0;
    byId("export").disabled = !shown.kept.length;
    byId("sort").replaceChildren(
      ...SORTS.map((sort) => element("option", { value: sort, selected: sort === shown.sort }, word(`sort_${sort}`))),
    );
    list(shown.kept, shown.terms);
  };

  const drawRecord = async (name) => {
    turn += 1;
    const now = turn;
    const number = the.numberOf(name);
    if (number === undefined) {
      const text = the.words.word("not_there", { name });
      record.replaceChildren(
        element("nav", { class: "record-nav" }, element("a", { href: addressWith({ record: null }), class: "back" }, "← ", the.words.word("back"))),
        element("h1", { id: "record-title", tabindex: "-1" }, published(text)),
      );
      return;
    }
    const place = shown.kept.indexOf(number);
    const around = place < 0 ? {} : { before: shown.kept[place - 1], after: shown.kept[place + 1] };
    await showRecord(the, number, shown.terms, around, () => now === turn);
  };

  const show = async () => {
    const state = stateNow();
    const isOther = find(state);
    const speaks = language !== look.language();
    language = look.language();
    if (query.value !== state.query && document.activeElement !== query) query.value = state.query;
    if (speaks) query.placeholder = the.words.word("search_hint");
    if (state.record) {
      if (!inRecord) scrolled = scrollY;
      await drawRecord(state.record);
      browse.hidden = true;
      record.hidden = false;
      scrollTo(0, 0);
      byId("record-title").focus({ preventScroll: true });
      inRecord = true;
      if (isOther) shown.isStale = true;
      return;
    }
    turn += 1;
    record.hidden = true;
    record.replaceChildren();
    browse.hidden = false;
    if (isOther || speaks || shown.isStale || !byId("list").childElementCount) {
      shown.isStale = false;
      drawBrowse(state);
    } else {
      // The links of the list keep what else stands in the address.
      for (const item of byId("list").children) {
        item.querySelector("h3 a").href = addressWith({ record: nameOf(the, Number(item.dataset.record)) });
      }
    }
    if (inRecord) scrollTo(0, isOther ? 0 : scrolled);
    inRecord = false;
  };

  query.addEventListener("input", () => look.set({ q: query.value, record: null, at: null }));
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("results").focus();
  });
  byId("sort").addEventListener("change", (event) => look.set({ sort: event.target.value, at: null }, { push: true }));
  byId("export").addEventListener("click", () => {
    const rows = shown.kept.map((number) => csvRow(the.index, number, the.snapshot));
    saved(`praktyki-${the.snapshot}-${rows.length}.csv`, csvText(rows));
  });
  const panel = (isOpen) => {
    byId("filters").classList.toggle("open", isOpen);
    byId("filters-open").setAttribute("aria-expanded", String(isOpen));
    byId(isOpen ? "filters-close" : "filters-open").focus();
  };
  byId("filters-open").addEventListener("click", () => panel(!byId("filters").classList.contains("open")));
  byId("filters-close").addEventListener("click", () => panel(false));
  byId("filters-done").addEventListener("click", () => {
    panel(false);
    byId("results").scrollIntoView();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest("input, select, textarea, [role=textbox]");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && byId("filters").classList.contains("open")) {
      panel(false);
    } else if (event.key === "Escape" && inRecord && !isTyping) {
      look.set({ record: null }, { push: true });
    }
  });
  document.addEventListener("look", show);
  query.value = stateNow().query;
  document.documentElement.classList.add("ready");
  return show();
};

const failed = (error) => {
  byId("failed").hidden = false;
  byId("failed-reason").textContent = error.message;
  console.error(error);
};
opened().then(started).catch(failed);
