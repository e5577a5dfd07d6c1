/** Of a report as a page: readable on a screen, in print and in a dark room; charts keep their white card. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #212529; --quiet: #565e66; --line: #ced4da; --back: #f8f9fa; --card: #ffffff; --link: #005a8f; --warning: #8a4b00; --error: #b02525; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e6e8; --quiet: #adb5bd; --line: #495057; --back: #1a1d20; --card: #24282d; --link: #7cc0ea; --warning: #f0b45c; --error: #ff9b9b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; break-after: avoid; }
h3, h4, h5, h6 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, ul, ol { margin: .5rem 0; }
a { color: var(--link); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
dt { color: var(--quiet); font-size: .8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .875rem; }
caption { text-align: left; color: var(--quiet); font-size: .8rem; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
tr { break-inside: avoid; }
.numeric { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.quiet, footer { color: var(--quiet); font-size: .85rem; }
figure { display: inline-block; vertical-align: top; margin: .5rem .75rem .75rem 0; max-width: 100%; break-inside: avoid; }
figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .25rem; }
figure svg { display: block; max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 6px; }
.remark { border-left: 4px solid var(--line); background: var(--card); padding: .5rem .75rem; break-inside: avoid; }
.remark.warning { border-color: var(--warning); } .remark.warning strong { color: var(--warning); }
.remark.error { border-color: var(--error); } .remark.error strong { color: var(--error); }
blockquote { border-left: 3px solid var(--line); margin: .5rem 0; padding-left: .75rem; color: var(--quiet); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; overflow-x: auto; }
code { font: .85em ui-monospace, monospace; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; overflow-wrap: anywhere; }
@media print { body { background: none; } main { max-width: none; padding: 0; } }
`
