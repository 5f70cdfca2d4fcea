import { dark, light, sheet } from "../shared/palette.js";

// One constructable stylesheet for all widgets of the page: no inline style, so a strict page policy is met.

const css = `
:host{display:block;${light};--_r:var(--scrip-radius,12px);
--_ring:color-mix(in srgb,var(--_accent) 35%,transparent)}
:host([hidden]),[hidden]{display:none!important}
:host([theme=dark]){${dark}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){${dark}}}
*{box-sizing:border-box;margin:0}
.card{display:grid;gap:16px;max-inline-size:var(--scrip-width,44rem);padding:clamp(16px,4vi,24px);
font:400 var(--scrip-font-size,1rem)/1.5 var(--scrip-font,system-ui,sans-serif);color:var(--_fg);background:var(--_bg);
border:1px solid var(--_line);border-radius:calc(var(--_r) + 4px);text-align:start;overflow-wrap:anywhere}
form{display:grid;gap:16px}
.title{font-size:1.1875em;font-weight:650;line-height:1.3;letter-spacing:-.01em}
.about{color:var(--_soft);margin-block-start:-12px}
p:empty,slot:empty{display:none}
.field{display:grid;gap:6px}
label{font-size:.9375em;font-weight:550}
.star{color:var(--_bad)}
input,textarea,select,button{font:inherit;color:inherit;min-block-size:44px;border-radius:calc(var(--_r) - 2px)}
input,textarea,select{inline-size:100%;min-inline-size:0;padding:9px 12px;background:var(--_field);border:1px solid var(--_edge)}
select{padding-inline:8px}
textarea{resize:vertical;min-block-size:7em;field-sizing:content;max-block-size:24em}
::placeholder{color:var(--_soft);opacity:1}
.check{grid-template-columns:auto 1fr;align-items:center;column-gap:10px}
.check label{order:1;padding-block:10px;font-weight:400}.check p{grid-column:1/-1;order:2}
[type=checkbox]{inline-size:24px;min-block-size:24px;block-size:24px;accent-color:var(--_accent)}
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
input:focus-visible,textarea:focus-visible,select:focus-visible{outline-offset:-1px;box-shadow:0 0 0 4px var(--_ring)}
[aria-invalid]{border-color:var(--_bad)}
.hint,.fault{font-size:.875em;color:var(--_soft)}
.fault{color:var(--_bad)}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px}
button{padding:9px 20px;font-weight:600;cursor:pointer;border:1px solid transparent;background:var(--_accent);color:var(--_on);
transition:filter .15s}
button:hover{filter:brightness(1.1)}
button:active{filter:brightness(.94)}
button[aria-disabled],button[data-spent]{cursor:default;filter:none;background:color-mix(in srgb,var(--_soft) 18%,var(--_bg));color:var(--_soft)}
.quiet{padding-inline:16px;background:none;color:var(--_fg);border-color:var(--_edge)}
.quiet:hover{background:color-mix(in srgb,var(--_fg) 6%,transparent)}
#remaining{flex:1 1 12rem;display:block;min-block-size:1.5em;font-size:.875em;color:var(--_soft)}
.note{display:grid;gap:4px;padding:12px 14px;border-radius:calc(var(--_r) - 2px);background:color-mix(in srgb,var(--_accent) 9%,var(--_bg));
border-inline-start:3px solid var(--_accent)}
[data-tone]{background:color-mix(in srgb,var(--_bad) 8%,var(--_bg));border-color:var(--_bad)}
#limit-message{font-weight:550}
a{color:var(--_accent);text-underline-offset:3px;justify-self:start;padding-block:4px}
#answer{display:grid;gap:4px;padding-block-start:12px;border-block-start:1px solid var(--_line)}
#answer .bar{min-block-size:44px;justify-content:space-between}
#answer-title{font-size:.9375em;font-weight:550;color:var(--_soft)}
#copy{padding:4px 14px;font-size:.9375em}
#output{min-block-size:6em;max-block-size:var(--scrip-output-height,28em);overflow:auto;overscroll-behavior:auto contain;
white-space:pre-wrap;line-height:1.6;border-radius:6px;scrollbar-gutter:stable}
[aria-busy] #output:empty::before{content:"";display:block;block-size:3.6em;border-radius:6px;
background:repeating-linear-gradient(transparent 0 .55em,color-mix(in srgb,var(--_soft) 22%,transparent) .55em 1.05em,transparent 1.05em 1.6em);
animation:wait 1.6s ease-in-out infinite}
@keyframes wait{50%{opacity:.35}}
#status{display:block;position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(prefers-reduced-motion:reduce){*,::before{animation:none!important;transition:none!important}}
@media(forced-colors:active){button{border-color:ButtonText}button[aria-disabled],button[data-spent]{color:GrayText;border-color:GrayText}
.note{border:1px solid}}`;

let shared;

export const dress = (root, theme) => {
  shared ??= sheet(css);
  const own = new CSSStyleSheet();
  // The owner's theme: plain values of custom properties, which the page's own rules for the element win over.
  const rule = own.cssRules[own.insertRule(":host{}")].style;
  for (const [name, value] of Object.entries(theme ?? {}))
    if (typeof value !== "object") rule.setProperty("--scrip-" + name.replaceAll("_", "-"), value);
  root.adoptedStyleSheets = [shared, own];
};
