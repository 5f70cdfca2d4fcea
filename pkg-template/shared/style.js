// What both elements look like alike: the colours, each of which a page may set by a property of its own, and the plain parts.

const light = `color-scheme:light;--_bg:var(--scrip-background,#fff);--_fg:var(--scrip-text,#1a1d21);
--_soft:var(--scrip-muted,#5a636c);--_line:var(--scrip-border,#dfe3e6);--_edge:var(--scrip-control-border,#838c95);
--_field:var(--scrip-field,#fff);--_accent:var(--scrip-accent,#0b6b5b);--_on:var(--scrip-on-accent,#fff);
--_bad:var(--scrip-danger,#b3261e)`;

const dark = `--_bg:var(--scrip-background,#16191d);--_fg:var(--scrip-text,#eceef0);--_soft:var(--scrip-muted,#a3abb4);
--_line:var(--scrip-border,#333940);--_edge:var(--scrip-control-border,#7b858f);--_field:var(--scrip-field,#1d2126);
--_accent:var(--scrip-accent,#6fd3bf);--_on:var(--scrip-on-accent,#06251f);--_bad:var(--scrip-danger,#ff9d91);color-scheme:dark`;

const common = `
:host{display:block;${light};--_r:var(--scrip-radius,12px);--_mark:var(--_accent)}
:host([hidden]),[hidden]{display:none!important}
:host([theme=dark]){${dark}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){${dark}}}
*{box-sizing:border-box;margin:0}
.card{display:grid;font:400 var(--scrip-font-size,1rem)/1.5 var(--scrip-font,system-ui,sans-serif);color:var(--_fg);background:var(--_bg);
border:1px solid var(--_line);border-radius:calc(var(--_r) + 4px);text-align:start;overflow-wrap:anywhere}
.field{display:grid;gap:6px}
input,textarea,select,button{font:inherit;color:inherit;border-radius:calc(var(--_r) - 2px)}
input,textarea,select{width:100%;min-width:0;min-height:44px;padding:9px 12px;background:var(--_field);border:1px solid var(--_edge)}
::placeholder{color:var(--_soft);opacity:1}
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
input:focus-visible,textarea:focus-visible,select:focus-visible{outline-offset:-1px;box-shadow:0 0 0 4px color-mix(in srgb,var(--_accent) 35%,transparent)}
[aria-invalid]{border-color:var(--_bad)}
.hint,.fault{font-size:.875em;color:var(--_soft)}
.fault{color:var(--_bad)}
button{cursor:pointer;border:1px solid transparent}
.quiet{background:none;color:var(--_fg);border-color:var(--_edge);min-height:44px;padding:9px 16px;font-weight:600}
.note{display:grid;gap:4px;padding:12px 14px;border-radius:calc(var(--_r) - 2px);border-inline-start:3px solid var(--_mark);
background:color-mix(in srgb,var(--_mark) 9%,var(--_bg))}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(prefers-reduced-motion:reduce){*,::before,::after{animation:none!important;transition:none!important}}`;

const sheets = {};

// Constructable stylesheets, made once for all elements of the page: no inline style, so a strict page policy is met.
const sheet = (css) => {
  if (!sheets[css]) (sheets[css] = new CSSStyleSheet()).replaceSync(css);
  return sheets[css];
};

/** Gives an element's root what both elements start from, then its own style, then `more` sheets. */
export const dress = (root, css, ...more) => {
  root.adoptedStyleSheets = [sheet(common), sheet(css), ...more];
};
