// Poland's voivodeships as lines with points on them. `lines`: each a list of numbers, longitude and latitude in thousandths
// of a degree, the first point whole and each further one as the step from the one before.
const WIDTH = 360;
const mapOf = (lines) => {
  let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
  const whole = lines.map((steps) => {
    let x = 0, y = 0;
    const points = [];
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      points.push([x / 1000, y / 1000]);
      west = Math.min(west, x / 1000);
      east = Math.max(east, x / 1000);
      south = Math.min(south, y / 1000);
      north = Math.max(north, y / 1000);
    }
    return points;
  });
  const narrow = Math.cos((52 * Math.PI) / 180); // a degree of longitude against one of latitude in the middle of the country
  const scale = WIDTH / ((east - west) * narrow);
  const height = Math.round((north - south) * scale);
  const place = (longitude, latitude) => [(longitude - west) * narrow * scale, (north - latitude) * scale];
  const shown = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const path = whole.map((points) => `M${points.map(([x, y]) => shown(place(x, y))).join("L")}`).join("");
  const isInside = ({ longitude, latitude }) =>
    longitude >= west - 0.2 && longitude <= east + 0.2 && latitude >= south - 0.2 && latitude <= north + 0.2;
  // A drawing with the places that have a point within the country; null when none has.
  return (places, label) => {
    const points = places.filter((found) => found.register === "TERC" && found.latitude !== undefined && isInside(found));
    if (!lines.length || !points.length) return null;
    return drawn(
      "svg",
      { viewBox: `-8 -8 ${WIDTH + 16} ${height + 16}`, role: "img", "aria-label": label(points.map((found) => found.name)), class: "poland" },
      drawn("path", { d: path, class: "border" }),
      points.map((found) => {
        const [x, y] = place(found.longitude, found.latitude);
        return drawn("g", { class: "place" }, drawn("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 11, class: "halo" }), drawn("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 5 }), drawn("title", {}, found.name));
      }),
    );
  };
};
