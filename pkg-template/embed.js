// The loader that owners paste: <script async src="https://HOST/embed.js" data-embed="emb_…"></script>
// Puts a <scrip-pickaxe> where the tag stands (or into data-target), and fetches what it needs at once.
(() => {
  const src = document.currentScript?.src;
  if (!src) return console.error("scrip: embed.js must be loaded by a plain <script src> tag, not as a module");

  const place = (script) => {
    if (script.scrip) return;
    script.scrip = true;
    const { embed, target, mode, ...options } = script.dataset;
    const element = document.createElement("scrip-pickaxe");
    const endpoint = (options.endpoint || new URL(src).origin).replace(/\/+$/, "");
    element.setAttribute("embed", embed);
    element.setAttribute("endpoint", endpoint);
    for (const [option, name] of [["theme", "theme"], ["lang", "lang"], ["run", "run"], ["visitorToken", "visitor-token"]])
      if (options[option]) element.setAttribute(name, options[option]);

    // The config may stand as JSON inside the tag, for the first paint; what the server says now replaces it.
    try {
      element.config = JSON.parse(script.textContent);
    } catch {}
    // "no-cache": asked again each time (a 304 mostly), so that a moved slider acts on the next page at once.
    if (!embed.startsWith("sk_")) {
      element.fetching = fetch(`${endpoint}/v1/embeds/${encodeURIComponent(embed)}`, { credentials: "omit", cache: "no-cache" });
      element.fetching.catch(() => {});
    }

    const insert = () => {
      const parent = target && document.querySelector(target);
      if (parent) parent.append(element);
      else script.after(element);
    };
    if (target && document.readyState === "loading") addEventListener("DOMContentLoaded", insert, { once: true });
    else insert();
  };

  import(new URL("./widget.js", src).href).catch((error) => console.error("scrip:", error));
  for (const script of document.querySelectorAll("script[data-embed]")) if (script.src === src) place(script);
})();
