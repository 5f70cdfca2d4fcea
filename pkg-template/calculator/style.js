// What the calculator looks like beyond what both elements share.
const dark = "--_in:var(--scrip-bar-input,#4fbfa8);--_out:var(--scrip-bar-output,#f0b45a);--_other:var(--scrip-bar-other,#a3abb4)";

export const css = `
:host{--_in:var(--scrip-bar-input,#0b7a67);--_out:var(--scrip-bar-output,#b86e00);
--_other:var(--scrip-bar-other,#6b7580);--_mark:var(--_bad);--_pad:clamp(14px,3.5vi,28px);--_tint:color-mix(in srgb,var(--_fg) 6%,var(--_bg))}
:host([theme=dark]){${dark}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){${dark}}}
.card,.split,.left,.right-side,.field,fieldset{display:grid;grid-template-columns:minmax(0,1fr)}
.card{container-type:inline-size;gap:20px;max-width:var(--scrip-width,64rem);padding:var(--_pad);font-variant-numeric:tabular-nums}
.segments,.chips,.head,.legend,.total,.step-foot,.buys{display:flex;flex-wrap:wrap}
.order,.check,.chip,.key,.step-head,.step-foot{display:flex;align-items:center}
.split{gap:24px}
.left,.right-side{gap:18px;align-content:start}
@container(min-width:46rem){.split{grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:36px}}
[data-stale] .bar{background:var(--_edge)}
ul,ol{list-style:none;padding:0}
fieldset{gap:8px;border:0;padding:0;min-width:0}
legend{padding:0;margin-bottom:6px}
legend,label,.small-title{font-size:.875em;font-weight:600}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:12px;align-items:start}
.pair label{font-weight:400;color:var(--_soft)}
textarea{resize:vertical;height:11.5em;min-height:6em;line-height:1.5;contain:strict;overflow:auto}
.unwrapped{white-space:pre;overflow-wrap:normal}
.by,.small{font-size:.875em;color:var(--_soft)}
.by{font-weight:400}
.strong{font-weight:600}
button{background:none}
button:disabled{cursor:default;opacity:.35}
.quiet{justify-self:start}

.tabs{display:flex;gap:4px;overflow-x:auto;scrollbar-width:none;border-bottom:1px solid var(--_line);
margin-inline:calc(-1*var(--_pad));padding-inline:calc(var(--_pad) - 10px);margin-top:-10px}
.tabs button{flex:none;min-height:44px;padding:8px 12px;border-radius:0;font-weight:550;color:var(--_soft);position:relative}
.tabs button:focus-visible{outline-offset:-3px;border-radius:8px}
.tabs button::after{content:"";position:absolute;inset:auto 12px -1px;height:3px;border-radius:3px 3px 0 0}
.tabs [aria-selected=true]{color:var(--_fg)}
.tabs [aria-selected=true]::after{background:var(--_accent)}
.tabs button:hover{color:var(--_fg)}

.segments,.chips{gap:6px}
.segment{position:relative}
.segment input{position:absolute;inset:0;min-height:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.segment label{display:block;padding:6px 14px;border:1px solid var(--_edge);border-radius:99px;font-weight:500;line-height:1.5}
.segment :checked+label{background:var(--_accent);border-color:var(--_accent);color:var(--_on)}
.segment :focus-visible+label{outline:2px solid var(--_accent);outline-offset:2px}
.segment input:hover:not(:checked)+label{background:var(--_tint)}

.picker{position:relative}
.chip{padding-inline-start:12px;border-radius:99px;font-size:.9375em;
background:color-mix(in srgb,var(--_accent) 11%,var(--_bg));border:1px solid color-mix(in srgb,var(--_accent) 24%,var(--_bg))}
.x{width:34px;height:34px;border-radius:99px;line-height:1;font-size:1.125em}
.x:hover,.icon:hover:not(:disabled){background:var(--_tint)}
.options{position:absolute;z-index:3;inset:100% 0 auto;margin-top:4px;max-height:19rem;overflow:auto;padding:4px;
background:var(--_field);border:1px solid var(--_edge);border-radius:calc(var(--_r) - 2px);
box-shadow:0 10px 30px rgb(0 0 0/.16)}
p.options{padding:12px 14px}
.option{display:grid;padding:7px 10px;border-radius:6px;cursor:pointer}
.option-name{font-weight:550}
.option.at{background:color-mix(in srgb,var(--_accent) 13%,var(--_field))}
.option.at .by{color:var(--_fg)}
.option[aria-selected=true] .option-name::after{content:" ✓";color:var(--_accent)}

.order{gap:8px}
.order label{margin-inline-start:auto;font-weight:400;color:var(--_soft)}
select.slim{width:auto;min-height:36px;padding:4px 8px;font-size:.875em}
.bars{display:grid;gap:4px}
.bars>li{margin-inline:-10px}
summary{display:grid;gap:5px;padding:9px 10px;border-radius:10px;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--_tint)}
summary:focus-visible{outline-offset:-2px}
.head{justify-content:space-between;align-items:baseline;gap:0 12px}
.name{font-weight:600}
.amount{font-weight:650;margin-inline-start:auto}
.head .amount::after{content:"";display:inline-block;width:.4em;height:.4em;margin-inline-start:10px;vertical-align:.18em;
border:solid var(--_soft);border-width:0 2px 2px 0;transform:rotate(45deg);transition:transform .15s}
[open] .head .amount::after{transform:rotate(225deg);vertical-align:0}
.track{position:relative;display:block;padding-bottom:9px}
.stack{display:flex;height:14px;border-radius:4px;background:var(--_tint)}
.bar{display:block;height:100%;min-width:2px;transition:inline-size .18s ease-out}
.bar:first-child{border-start-start-radius:4px;border-end-start-radius:4px}
.bar:last-child{border-start-end-radius:4px;border-end-end-radius:4px}
.in{background:var(--_in)}.out{background:var(--_out)}.other,.margin{background:var(--_other)}
.whisker{position:absolute;inset-block:auto 0;height:6px;border-inline:2px solid var(--_soft);min-width:3px}
.whisker::after{content:"";position:absolute;inset:2px 0 auto;border-top:2px solid var(--_soft)}
.whisker.beyond{border-inline-end:0}
.whisker.beyond::before{content:"";position:absolute;inset-inline-end:-1px;top:-1px;border:4px solid transparent;
border-inline-start:7px solid var(--_soft);border-inline-end:0}
.legend{gap:4px 18px;margin-top:10px;font-size:.8125em;color:var(--_soft)}
.key{background:none;gap:7px}
.key::before{content:"";width:12px;height:12px;border-radius:3px;background:var(--_other)}
.key.in::before{background:var(--_in)}.key.out::before{background:var(--_out)}
.key.range::before{background:linear-gradient(var(--_soft),var(--_soft)) center/100% 2px no-repeat;border:solid var(--_soft);border-width:0 2px;
border-radius:0;width:18px;height:8px}
.body{display:grid;gap:8px;padding:2px 10px 14px}
.total{align-items:baseline;gap:2px 14px;padding:14px 16px;border-radius:var(--_r);background:var(--_tint)}
.total .small-title{width:100%;color:var(--_soft);font-weight:550}
.sum{font-size:1.625em;font-weight:700;letter-spacing:-.02em;line-height:1.2}
.notes{display:grid;gap:6px}
ul.small{display:grid;gap:4px;padding-inline-start:1.1em;list-style:disc}

table{width:100%;border-collapse:collapse;font-size:.875em;overflow-wrap:normal}
th,td{padding:6px 0 6px 10px;text-align:start;vertical-align:baseline;border-bottom:1px solid var(--_line)}
th:first-child,td:first-child{padding-inline-start:0}
thead th{font-weight:500;color:var(--_soft)}
.right{text-align:end}
tfoot th,tfoot td{border:0}

.step{display:grid;gap:12px;padding:14px;border:1px solid var(--_line);border-radius:var(--_r);position:relative}
.step+.step{margin-top:22px}
.step+.step::before{content:"";position:absolute;inset-block:-23px auto;inset-inline-start:29px;height:22px;
border-inline-start:2px solid var(--_edge)}
.step-head{gap:4px}
.step-head select{flex:1;margin-inline:6px 2px;font-weight:600;text-overflow:ellipsis}
.number{flex:none;display:grid;place-items:center;width:30px;height:30px;border-radius:50%;font-size:.875em;font-weight:700;
background:var(--_accent);color:var(--_on)}
.icon{flex:none;width:32px;padding:0;min-height:40px;line-height:1}
.check{gap:8px}
.check label{font-weight:400}
.check input{width:20px;height:20px;min-height:0;margin:0;accent-color:var(--_accent)}
.step-foot{gap:4px 12px}

.afford{font-size:1em}
.afford caption{text-align:start;font-weight:650;font-size:1.125em;padding-bottom:8px}
.afford th,.afford td{padding-block:9px;border:0}
.afford .first>*{border-top:1px solid var(--_line)}
.afford th{width:40%}
.afford tr:not(.first) td{padding-top:0;padding-inline-start:10px}
.afford th .by{display:block}
.buys{align-items:baseline;gap:0 12px}
.figure{min-width:8.5em;font-weight:700;font-size:1.0625em}
@container(max-width:30rem){.pair{grid-template-columns:minmax(0,1fr)}th,td{padding-inline-start:6px}
.step-head{flex-wrap:wrap;justify-content:flex-end}.step-head select{flex-basis:calc(100% - 44px)}}
@media(forced-colors:active){.bar{forced-color-adjust:none}.segment :checked+label,.option.at{outline:2px solid Highlight}}`;
