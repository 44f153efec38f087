// The page of one record: what it says, its facts, where it stands on the map, and where it comes from.
const LIST_LINE = /^\s*[-–—•*·]\s+/;

// Text in paragraphs; lines that begin with a bullet become a list.
const prose = (the, text, terms, language) => {
  const parts = [];
  let list = null;
  for (const line of text.split(/\n+/)) {
    if (!line.trim()) continue;
    if (LIST_LINE.test(line)) {
      if (!list) parts.push((list = element("ul", { class: "published" })));
      list.append(element("li", {}, marked(the.folding, line.replace(LIST_LINE, ""), terms, language)));
    } else {
      list = null;
      parts.push(element("p", {}, marked(the.folding, line, terms, language)));
    }
  }
  return element("div", { class: "prose" }, parts);
};

const section = (id, heading, ...content) =>
  element("section", { "aria-labelledby": id }, element("h2", { id }, heading), content);

const factRow = (label, ...value) => {
  const shown = value.flat().filter((part) => part !== null && part !== undefined && part !== "");
  return shown.length ? element("div", {}, element("dt", {}, label), element("dd", {}, shown)) : null;
};

// A value that leads to all records that share it.
const facetLink = (the, facet, value, label = value) =>
  value &&
  element("a", { href: addressWith({ record: null, q: null, ...cleared(), [facet]: joinedValues([value]) }), title: the.words.word("only_this", { name: label }) }, published(label));
const cleared = () => Object.fromEntries(FACETS.map((name) => [name, null]));

const listed = (values) => (values ?? []).map((value, at) => [at ? element("br") : null, published(value)]);
const raw = (the, row, column, said) => {
  const text = row[`${column}_raw`];
  return text && text !== said ? element("span", { class: "soft small raw" }, the.words.word("as_printed", { text })) : null;
};

const practiceFacts = (the, row) => {
  const { word } = the.words;
  const population = row.population === undefined ? null : the.words.number(row.population);
  return [
    factRow(word("section"), facetLink(the, "section", row.section), row.subsection && [" › ", published(row.subsection)]),
    factRow(word("date"), row.entered_on, raw(the, row, "entered_on", row.entered_on)),
    factRow(word("unit_type"), row.unit_type && facetLink(the, "unit_type", row.unit_type, the.words.code("unit_type", row.unit_type)), !row.unit_type && raw(the, row, "unit_type")),
    factRow(word("locality"), row.locality && published(row.locality)),
    factRow(word("powiat"), row.powiat && published(row.powiat)),
    factRow(word("voivodeship"), facetLink(the, "region", row.voivodeship)),
    factRow(word("population"), population && (row.population_is_approximate ? word("about", { n: population }) : population), raw(the, row, "population", population)),
    factRow(word("implementing_unit"), row.implementing_unit && published(row.implementing_unit)),
    factRow(word("street"), row.street && published(row.street)),
    factRow(word("postal"), [row.postal_code, row.post_office].filter((part) => part).join(" ")),
    factRow(word("websites"), (row.websites ?? []).map((address, at) => [at ? element("br") : null, webLink(address.startsWith("www.") ? `http://${address}` : address, published(address))])),
    factRow(word("terc"), row.terc && element("code", {}, row.terc)),
    factRow(word("language"), row.language && the.words.languageName(row.language)),
  ];
};
const deckFacts = (the, row) => [
  factRow(the.words.word("site"), row.site && published(row.site)),
  factRow(the.words.word("language"), row.language && facetLink(the, "language", row.language, the.words.languageName(row.language))),
];
const articleFacts = (the, row) => [
  factRow(the.words.word("published_on"), row.published_on, raw(the, row, "published_on", row.published_on)),
  factRow(the.words.word("labels"), row.labels && published(row.labels.join(", "))),
  factRow(the.words.word("credit"), row.credit && published(row.credit)),
  factRow(the.words.word("comment_count"), row.comment_count === undefined ? null : the.words.number(row.comment_count)),
  factRow(the.words.word("language"), row.language && facetLink(the, "language", row.language, the.words.languageName(row.language))),
];
const partnershipFacts = (the, row) => {
  const { word } = the.words;
  return [
    factRow(word("partnership_kind"), the.words.code("partnership_kind", row.kind)),
    factRow(word("founded"), row.founded, raw(the, row, "founded", row.founded)),
    factRow(word("former_name"), row.former_name && published(row.former_name)),
    factRow(word("initiators"), listed(row.initiators)),
    factRow(word("coordinator"), row.coordinator && published(row.coordinator)),
    factRow(word("parties"), listed(row.parties)),
    factRow(word("programme"), row.programme && published(row.programme)),
    factRow(word("area"), row.area && published(row.area)),
    factRow(word("agreement"), row.agreement && published(row.agreement)),
    factRow(word("agreement_on"), row.agreement_on),
  ];
};

const attachmentItem = (the, file, terms) => {
  const size = file.size_bytes === undefined ? file.size_printed : `${the.words.number(Math.ceil(file.size_bytes / 1024))} KB`;
  const about = [file.media_type, size].filter((part) => part).join(" · ");
  return element(
    "li",
    {},
    webLink(file.url, published(file.title ?? file.url ?? the.words.word("untitled"))),
    about && element("span", { class: "soft small" }, ` ${about}`),
    file.text && element("details", {}, element("summary", {}, the.words.word("attachment_text")), prose(the, file.text, terms)),
  );
};

const practiceParts = (the, rows, row, terms) => {
  const { word } = the.words;
  const sections = rows.practice_sections ?? [];
  const files = rows.practice_attachments ?? [];
  return [
    section("part-summary", word("summary"), row.summary ? prose(the, row.summary, terms, row.language) : element("p", { class: "soft" }, word("no_summary"))),
    section(
      "part-presentation",
      word("presentation"),
      sections.length ? null : element("p", { class: "soft" }, word("no_presentation")),
      sections.map((part) => [
        part.heading && element("h3", {}, marked(the.folding, part.heading, terms, row.language)),
        part.text && prose(the, part.text, terms, row.language),
      ]),
    ),
    files.length > 0 && section("part-attachments", word("attachments"), element("ul", { class: "files" }, files.map((file) => attachmentItem(the, file, terms)))),
  ];
};

const deckParts = (the, rows, row, terms) => {
  const slides = rows.slides ?? [];
  const number = (slide) => slide.slide_number ?? slide.position;
  const holds = (slide) =>
    slide.text && the.folding.tokens(slide.text).some((token) => isAsked(the.folding.folded(token.text), terms));
  const hits = terms.length ? slides.filter(holds) : [];
  const empty = slides.filter((slide) => slide.is_empty).length;
  const about = the.words.counted("slides", slides.length) + (empty ? `, ${the.words.counted("slides_empty", empty)}` : "");
  // Going to a slide leaves the address alone: it says which record is shown.
  const go = (slide) => {
    const target = document.getElementById(`slide-${slide.position}`);
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  };
  return section(
    "part-slides",
    about,
    hits.length > 0 &&
      element("p", { class: "hits" }, the.words.word("found_on_slides"), " ", hits.slice(0, 40).map((slide) => [element("button", { type: "button", class: "jump", onclick: () => go(slide) }, the.words.word("slide", { n: number(slide) })), " "])),
    element(
      "ol",
      { class: "slides" },
      slides.map((slide) => {
        const [first, ...rest] = slide.is_empty || !slide.text ? [] : slide.text.split("\n");
        const titled = slide.title && first === slide.title;
        const body = titled ? rest.join("\n") : slide.text;
        return element(
          "li",
          { id: `slide-${slide.position}`, class: slide.is_empty ? "slide empty" : "slide", tabindex: "-1", "aria-label": the.words.word("slide", { n: number(slide) }) },
          element("span", { class: "slide-number" }, String(number(slide))),
          slide.is_empty
            ? element("p", { class: "soft" }, the.words.word("slide_empty"))
            : element("div", { class: "slide-text" }, titled && element("h3", {}, marked(the.folding, first, terms, row.language)), body && prose(the, body, terms, row.language)),
        );
      }),
    ),
  );
};

const articleParts = (the, rows, row, terms) => [
  section("part-text", the.words.word("text"), row.text && prose(the, row.text, terms, row.language)),
  rows.partnerships &&
    section(
      "part-partnerships",
      the.words.word("partnerships_told"),
      element(
        "ul",
        {},
        rows.partnerships.map((told) => {
          const name = told.name ?? told.agreement ?? the.words.code("partnership_kind", told.kind);
          return element("li", {}, element("a", { href: addressWith({ record: `partnerships/${told.partnership_id}` }) }, published(name)), " ", element("span", { class: "soft small" }, the.words.code("partnership_kind", told.kind)));
        }),
      ),
    ),
];
const partnershipParts = (the, _rows, row) => {
  const number = the.numberOf(`articles/${row.article_id}`);
  const title = number === undefined ? null : (the.index.plain.title[number] ?? row.article_id);
  return [
    section("part-facts", the.words.word("facts_other"), element("dl", { class: "facts-list wide" }, partnershipFacts(the, row))),
    title && section("part-article", the.words.word("told_in"), element("p", {}, element("a", { href: addressWith({ record: `articles/${row.article_id}` }) }, published(title)))),
  ];
};

// What a shell takes as one word.
const shellWord = (text) => (/^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const copyButton = (the, text, label) => {
  const button = element("button", { type: "button", class: "copy" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      const area = element("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
      area.value = text();
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = the.words.word("copied");
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  });
  return button;
};

const provenance = (the, rows, row, table, id) => {
  const { word, counted } = the.words;
  const command = `praktyki trace ${table} ${shellWord(id)} --snapshot ${the.snapshot}`;
  const captures = rows.captures ?? [];
  return section(
    "part-source",
    word("source"),
    row.source_url && element("p", { class: "source" }, webLink(row.source_url, word("source_page")), element("br"), element("code", { class: "small" }, shownText(row.source_url))),
    element("p", { class: "small" }, row.captured_at ? word("captured", { date: row.captured_at.replace("T", " ").replace("Z", " UTC") }) : word("captured_unknown")),
    row.is_gone && row.gone_on && element("p", { class: "small" }, word("gone_on", { date: row.gone_on })),
    element("p", { class: "small", id: "trace-label" }, word("trace")),
    element("div", { class: "command" }, element("code", { id: "trace", tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-labelledby": "trace-label" }, shownText(command)), copyButton(the, () => command, word("copy"))),
    captures.length > 0 &&
      element(
        "details",
        {},
        element("summary", {}, counted("captures", captures.length)),
        element("ul", { class: "captures small" }, captures.map((capture) =>
          element("li", {}, element("code", {}, shownText(capture.source_url ?? capture.capture_id)), element("br"),
            element("span", { class: "soft" }, [capture.captured_at?.slice(0, 10), capture.origin && the.words.code("origin", capture.origin), capture.status_code && `HTTP ${capture.status_code}`].filter((part) => part).join(" · ")), element("br"),
            element("code", { class: "soft" }, shownText(`${capture.warc_file} @ ${capture.warc_offset}`)), element("br"), element("code", { class: "soft" }, shownText(capture.body_digest))))),
      ),
  );
};

const doubts = (the, issues) =>
  issues.length > 0 &&
  element(
    "section",
    { "aria-labelledby": "part-issues" },
    element("h2", { id: "part-issues" }, the.words.counted("issues", issues.length)),
    element("ul", { class: "issues small" }, issues.slice(0, 30).map((issue) =>
      element("li", {}, element("code", {}, shownText([issue.table, issue.column].filter((part) => part).join("."))), " ",
        element("span", { class: "verdict warn" }, the.words.code("issue_status", issue.status)),
        issue.raw_text && [": ", published(issue.raw_text)], issue.reason && element("span", { class: "soft" }, [" – ", shownText(issue.reason)])))),
  );

const whereabouts = (the, rows) => {
  const known = new Map((rows.record_places ?? []).map((link) => [link.place_id, link.status]));
  const places = (rows.places ?? []).filter((place) => known.get(place.place_id) === "resolved");
  if (!places.length) return null;
  const drawing = the.map(places, (names) => the.words.word("map_alt", { places: names.join(", ") }));
  return section("part-map", the.words.word(drawing ? "map" : "places_list"), drawing,
    element("ul", { class: "places small" }, places.map((place) => element("li", {}, published([place.name, ...(place.parent_names ?? []).toReversed()].filter((name, at, all) => name !== all[at - 1]).join(", "))))));
};

const SHAPES = {
  practices: { parts: practiceParts, facts: practiceFacts, heading: "facts" },
  presentations: { parts: deckParts, facts: deckFacts, heading: "facts_other" },
  articles: { parts: articleParts, facts: articleFacts, heading: "facts_other" },
  partnerships: { parts: partnershipParts, facts: () => [], heading: "facts_other" },
};

// Fills the page of a record. `around`: the records before and after it in the list, where there are such.
const showRecord = async (the, number, terms, around, isCurrent) => {
  const holder = document.getElementById("record");
  const { word } = the.words;
  const rows = await the.record(number);
  if (!isCurrent()) return;
  const table = the.index.kinds[the.index.plain.kind[number]];
  const shape = SHAPES[table];
  const [row] = rows[table];
  const title = the.index.plain.title[number] ?? row.agreement ?? word("untitled");
  const facts = shape.facts(the, row).filter((fact) => fact);
  const step = (key, other, rel) => other !== undefined && element("a", { href: addressWith({ record: nameOf(the, other) }), rel }, word(key));
  holder.replaceChildren(
    element("nav", { class: "record-nav", "aria-label": word("back") },
      element("a", { href: addressWith({ record: null }), class: "back" }, "← ", word("back")),
      element("span", { class: "steps" }, step("previous", around.before, "prev"), step("next", around.after, "next"))),
    element("header", { class: "record-head" },
      element("p", { class: "over" }, kindOf(the, number), goneOf(the, number), " ", element("code", { class: "soft" }, shownText(the.index.plain.id[number]))),
      element("h1", { id: "record-title", tabindex: "-1" }, marked(the.folding, title, terms, row.language)),
      element("p", { class: "facts" }, factsOf(the, number))),
    element("div", { class: "record-body" },
      element("div", { class: "record-text" }, shape.parts(the, rows, row, terms)),
      element("aside", { "aria-label": word(shape.heading) },
        facts.length > 0 && section("part-metryka", word(shape.heading), element("dl", { class: "facts-list" }, facts)),
        whereabouts(the, rows),
        provenance(the, rows, row, table, the.index.plain.id[number]),
        doubts(the, rows.quality_issues ?? []))),
  );
  document.title = `${title} – Praktyki`;
};
