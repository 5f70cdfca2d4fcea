import { dress as wear } from "../shared/style.js";

const css = `
.card{gap:16px;max-width:var(--scrip-width,44rem);padding:clamp(16px,4vi,24px)}
form{display:grid;gap:16px}
.title{font-size:1.1875em;font-weight:650;line-height:1.3;letter-spacing:-.01em}
.about{color:var(--_soft);margin-top:-12px}
p:empty:not(#status),slot:empty{display:none}
label{font-size:.9375em;font-weight:550}
.star{color:var(--_bad)}
select{padding-inline:8px}
textarea{resize:vertical;min-height:7em;field-sizing:content;max-height:24em}
.check{grid-template-columns:auto 1fr;align-items:center;column-gap:10px}
.check label{order:1;padding-block:10px;font-weight:400}.check p{grid-column:1/-1;order:2}
[type=checkbox]{width:24px;min-height:24px;height:24px;accent-color:var(--_accent)}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px}
button{transition:filter .15s}
button:not(.quiet){min-height:44px;padding:9px 20px;font-weight:600;background:var(--_accent);color:var(--_on)}
button:hover{filter:brightness(1.1)}
button:active{filter:brightness(.94)}
button:is([aria-disabled],[data-spent]){cursor:default;filter:none;background:color-mix(in srgb,var(--_soft) 18%,var(--_bg));color:var(--_soft)}
.quiet:hover{background:color-mix(in srgb,var(--_fg) 6%,transparent)}
#remaining{flex:1 1 12rem;display:block;min-height:1.5em;font-size:.875em;color:var(--_soft)}
[data-tone]{--_mark:var(--_bad)}
#limit-message{font-weight:550}
a{color:var(--_accent);text-underline-offset:3px;justify-self:start;padding-block:4px}
#answer{display:grid;gap:4px;padding-top:12px;border-top:1px solid var(--_line)}
#answer .bar{min-height:44px;justify-content:space-between}
#answer-title{font-size:.9375em;font-weight:550;color:var(--_soft)}
#copy{padding:4px 14px;font-size:.9375em}
#output{min-height:6em;max-height:var(--scrip-output-height,28em);overflow:auto;overscroll-behavior:auto contain;
white-space:pre-wrap;line-height:1.6;border-radius:6px;scrollbar-gutter:stable}
[aria-busy] #output:empty::before{content:"";display:block;height:3.6em;border-radius:6px;
background:repeating-linear-gradient(transparent 0 .55em,color-mix(in srgb,var(--_soft) 22%,transparent) .55em 1.05em,transparent 1.05em 1.6em);
animation:wait 1.6s ease-in-out infinite}
@keyframes wait{50%{opacity:.35}}
@media(forced-colors:active){button{border-color:ButtonText}button[aria-disabled],button[data-spent]{color:GrayText;border-color:GrayText}
.note{border:1px solid}}`;

export const dress = (root, theme) => {
  const own = new CSSStyleSheet();
  // The owner's theme: plain values of custom properties, which the page's own rules for the element win over.
  const rule = own.cssRules[own.insertRule(":host{}")].style;
  for (const [name, value] of Object.entries(theme ?? {}))
    if (typeof value !== "object") rule.setProperty("--scrip-" + name.replaceAll("_", "-"), value);
  wear(root, css, own);
};
