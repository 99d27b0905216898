import { Html } from './html.js';

export const style = new Html(`
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 13px; }
nav h1 { font-size: 1.1rem; margin: 0 0 1rem; } nav h2 { font-size: .8rem; margin: 1.2rem 0 .3rem; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; } nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
main { padding: 1.5rem 2.5rem 6rem; max-width: 62rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0 1.5rem; scroll-margin-top: 1rem; }
h2 { margin-top: 3rem; } h3 { margin: 0 0 .4rem; font-size: 1.05rem; } h4 { margin: 1.2rem 0 .3rem; font-size: .85rem; color: var(--soft); }
.summary { font-weight: 600; margin: .2rem 0; }
b.GET { color: light-dark(#1a7f37, #4ac26b); } b.POST { color: light-dark(#0969da, #6cb6ff); } b.error { color: light-dark(#cf222e, #ff7b72); }
pre { background: color-mix(in srgb, currentColor 8%, transparent); padding: .8rem 1rem; border-radius: 6px; overflow-x: auto; } pre code { background: none; padding: 0; overflow-wrap: normal; }
code { font: .9em ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); }
th { font: 600 .85rem ui-monospace, monospace; width: 14rem; overflow-wrap: anywhere; } th i { color: var(--soft); }
td { font-size: .9rem; } td table { margin-left: .2rem; } td th { width: 10rem; } td td th { width: 6rem; } td td, td th { border-top-style: dotted; }
details { margin: .3rem 0; } summary { cursor: pointer; font-weight: 600; } a { color: inherit; }
@media (max-width: 50rem) {
  body { display: flex; flex-direction: column; } nav { order: 2; position: static; height: auto; border: 0; border-top: 1px solid var(--line); } main { padding: 1rem; }
  tbody, tr, th, td, td th, td td th { display: block; width: auto; } th { padding-bottom: 0; } td, td td { border-top: 0; padding-top: .1rem; } td table { margin: .4rem 0; padding-left: .7rem; border-left: 2px solid var(--line); }
}
`);
