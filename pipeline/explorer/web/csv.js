// The records found as CSV (RFC 4180) with a byte order mark, which Excel needs to see UTF-8. A text that a spreadsheet could
// run as a formula has an apostrophe before it, as in the CSV edition of the snapshot.
const CSV_COLUMNS = [
  "table", "record_id", "title", "date", "section", "subsection", "unit_type", "region", "powiat", "locality", "population",
  "language", "snippet", "source_url", "is_gone", "snapshot",
];
const csvCell = (value) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^'*[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const csvText = (rows) => `\ufeff${[CSV_COLUMNS, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
const csvRow = (index, record, snapshot) => {
  const { plain, coded, region } = index;
  const code = (name) => coded[name].values[coded[name].of[record]] ?? null;
  return [
    index.kinds[plain.kind[record]], plain.id[record], plain.title[record], plain.date[record], code("section"),
    code("subsection"), code("unit_type"), region.of[record].map((place) => region.values[place]).join("; ") || null,
    code("powiat"), code("locality"), plain.population[record], code("language"), plain.snippet[record],
    plain.source_url[record], plain.is_gone[record] ? "true" : "false", snapshot,
  ];
};
const saved = (name, text) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
