/* What axe-core finds on a page. A text of one colour, size and weight on one ground is readable wherever it stands: what
 * the contrast rule has once passed in this run is not judged again; all other rules read every element of every page. */
async (readable) => {
  const CLEAR = "rgba(0, 0, 0, 0)";
  const [grounds, texts] = [new Map(), new Map()];

  /* What lies under a text: the sheets up to the first opaque one, which has to hold all of it. Nothing to go by where an
   * element leaves the flow before that, or where there is a picture. */
  function groundOf(element) {
    if (!grounds.has(element)) grounds.set(element, element ? look(element) : { sheets: "canvas", holder: null });
    return grounds.get(element);
  }

  function look(element) {
    const style = getComputedStyle(element);
    const colour = style.backgroundColor;
    const kind = [style.opacity, style.mixBlendMode, style.filter, style.backgroundImage].join();
    const alone = kind === "1,normal,none,none";
    if (alone && !/^rgba|\//.test(colour)) return { sheets: colour + veils(element.parentElement), holder: element };
    const below = groundOf(element.parentElement);
    if (!below || style.backgroundImage !== "none" || ["absolute", "fixed"].includes(style.position)) return null;
    return alone && colour === CLEAR ? below : { sheets: `${colour},${kind}/${below.sheets}`, holder: below.holder };
  }

  /* Whatever makes an element, with all that is in it, translucent. */
  function veils(element) {
    let found = "";
    for (let one = element; one; one = one.parentElement) {
      const { opacity, mixBlendMode, filter } = getComputedStyle(one);
      if (opacity !== "1" || mixBlendMode !== "normal" || filter !== "none") found += `/${opacity}${mixBlendMode}${filter}`;
    }
    return found;
  }

  function within(element, holder) {
    if (!holder) return true;
    const [inner, outer] = [element.getBoundingClientRect(), holder.getBoundingClientRect()];
    return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right;
  }

  /* All that the verdict on a text hangs on, or null where it hangs on what lies beneath. */
  function words(element) {
    if (!texts.has(element)) texts.set(element, read(element));
    return texts.get(element);
  }

  function read(element) {
    const ground = groundOf(element);
    if (!ground || element instanceof SVGElement || !within(element, ground.holder)) return null;
    const style = getComputedStyle(element);
    const { color, fontSize, fontWeight, textShadow, webkitTextFillColor: fill, webkitTextStroke: stroke } = style;
    return [color, fontSize, fontWeight, textShadow, fill, stroke, ground.sheets].join(";");
  }

  /* Whether there is text in the element itself: the rule matches no other. */
  function speaks(element) {
    if (/^(input|select|textarea)$/.test(element.localName)) return true;
    for (let one = element.firstChild; one; one = one.nextSibling) if (one.nodeType === 3 && one.data.trim()) return true;
    return false;
  }

  const passed = new Set(readable);
  const rule = axe._audit.rules.find((one) => one.id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const [matches, evaluate] = [rule.matches, check.evaluate];
  rule.matches = function (element, ...rest) {
    return speaks(element) && !passed.has(words(element)) && matches.call(this, element, ...rest);
  };
  check.evaluate = function (element, ...rest) {
    const key = words(element);
    if (passed.has(key)) return true;
    const verdict = evaluate.call(this, element, ...rest);
    if (verdict === true && key) passed.add(key);
    return verdict;
  };
  const context = { exclude: [["tbody > tr:nth-child(n+9)"]] };
  const { violations } = await axe.run(context, { resultTypes: ["violations"], preload: false });
  return { violations, readable: [...passed].slice(readable.length) };
}
