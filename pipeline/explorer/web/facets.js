// Filters: values of a facet by record, chosen values, and how many records each value would leave.
const FACETS = ["kind", "section", "region", "unit_type", "year", "language"];

const facetsOf = (index) => {
  const count = index.plain.id.length;
  const single = (values, of) => {
    const starts = new Uint32Array(count + 1);
    const list = [];
    for (let record = 0; record < count; record += 1) {
      if (of[record] >= 0) list.push(of[record]);
      starts[record + 1] = list.length;
    }
    return { values, starts, list: Uint16Array.from(list) };
  };
  const several = ({ values, of }) => {
    const starts = new Uint32Array(count + 1);
    for (let record = 0; record < count; record += 1) starts[record + 1] = starts[record] + of[record].length;
    return { values, starts, list: Uint16Array.from(of.flat()) };
  };
  const years = index.plain.date.map((date) => (date ? date.slice(0, 4) : null));
  const knownYears = [...new Set(years.filter((year) => year))].sort().reverse();
  const placeOfYear = new Map(knownYears.map((year, place) => [year, place]));
  const coded = ({ values, of }) => single(values, of);
  return {
    kind: single(index.kinds, index.plain.kind),
    section: coded(index.coded.section),
    region: several(index.region),
    unit_type: coded(index.coded.unit_type),
    year: single(knownYears, years.map((year) => (year ? placeOfYear.get(year) : -1))),
    language: coded(index.coded.language),
  };
};

// The records that fit query and filters, and for each facet the number of records a value would leave beside the others.
const filtered = (facets, count, scores, chosen) => {
  const names = FACETS.map((name) => facets[name]);
  const asked = FACETS.map((name) => {
    const places = (chosen[name] ?? []).map((value) => facets[name].values.indexOf(value));
    if (!places.length) return null;
    const wanted = new Uint8Array(facets[name].values.length);
    for (const place of places) if (place >= 0) wanted[place] = 1;
    return wanted;
  });
  const counts = names.map((facet) => new Uint32Array(facet.values.length));
  const kept = [];
  for (let record = 0; record < count; record += 1) {
    if (scores && !scores[record]) continue;
    let misses = 0;
    let missed = -1;
    for (let place = 0; place < names.length && misses < 2; place += 1) {
      const wanted = asked[place];
      if (!wanted) continue;
      const { starts, list } = names[place];
      let fits = false;
      for (let at = starts[record]; at < starts[record + 1]; at += 1) if (wanted[list[at]]) fits = true;
      if (!fits) {
        misses += 1;
        missed = place;
      }
    }
    if (misses > 1) continue;
    if (!misses) kept.push(record);
    for (let place = 0; place < names.length; place += 1) {
      if (misses && place !== missed) continue;
      const { starts, list } = names[place];
      for (let at = starts[record]; at < starts[record + 1]; at += 1) counts[place][list[at]] += 1;
    }
  }
  return { kept, counts: Object.fromEntries(FACETS.map((name, place) => [name, counts[place]])) };
};

// Orders of the list. Records without what is ordered by come last.
const SORTS = ["best", "new", "old", "title", "population"];
const sorterOf = (index) => {
  const { date, title, population } = index.plain;
  let rank = null;
  const titleRank = () => {
    if (!rank) {
      const collator = new Intl.Collator("pl", { numeric: true, sensitivity: "base" });
      const order = title.map((_, record) => record).sort((a, b) => collator.compare(title[a] ?? "", title[b] ?? "") || a - b);
      rank = new Uint32Array(title.length);
      order.forEach((record, place) => {
        rank[record] = title[record] ? place : place + title.length;
      });
    }
    return rank;
  };
  const newest = (a, b) => {
    if (date[a] === date[b]) return a - b;
    if (!date[a] || !date[b]) return date[a] ? -1 : 1;
    return date[a] < date[b] ? 1 : -1;
  };
  return (records, sort, scores) => {
    const ranks = sort === "title" ? titleRank() : null;
    const orders = {
      best: (a, b) => (scores ? scores[b] - scores[a] : 0) || newest(a, b),
      new: newest,
      old: (a, b) => (date[a] && date[b] && date[a] !== date[b] ? -newest(a, b) : newest(a, b)),
      title: (a, b) => ranks[a] - ranks[b],
      population: (a, b) => (population[b] ?? -1) - (population[a] ?? -1) || newest(a, b),
    };
    return records.sort(orders[sort]);
  };
};
