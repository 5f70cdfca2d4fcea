// The colours of both elements, each of which a page may set by a property of its own.

export const light = `color-scheme:light;--_bg:var(--scrip-background,#fff);--_fg:var(--scrip-text,#1a1d21);
--_soft:var(--scrip-muted,#5a636c);--_line:var(--scrip-border,#dfe3e6);--_edge:var(--scrip-control-border,#838c95);
--_field:var(--scrip-field,#fff);--_accent:var(--scrip-accent,#0b6b5b);--_on:var(--scrip-on-accent,#fff);
--_bad:var(--scrip-danger,#b3261e)`;

export const dark = `--_bg:var(--scrip-background,#16191d);--_fg:var(--scrip-text,#eceef0);--_soft:var(--scrip-muted,#a3abb4);
--_line:var(--scrip-border,#333940);--_edge:var(--scrip-control-border,#7b858f);--_field:var(--scrip-field,#1d2126);
--_accent:var(--scrip-accent,#6fd3bf);--_on:var(--scrip-on-accent,#06251f);--_bad:var(--scrip-danger,#ff9d91);color-scheme:dark`;

export const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};
